//! One document: its knowledge base, its file and the state of its processing. It holds no text.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::command::SourceFile;
use super::omission::limit_list;
use super::{DocumentCommand, DocumentError, DocumentEvent};
use crate::event::StoredAggregate;
use crate::file::file_name;
use crate::personal::{Personal, Subject};

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Document {
    knowledge_base_id: Option<Uuid>,
    file_id: Option<Uuid>,
    /// Whether it is waiting for a worker or being processed.
    is_processing: bool,
    attempt: u32,
    deleted: bool,
}

impl StoredAggregate for Document {
    const OWNS_KEY: bool = true;

    /// A document belongs to the stream of its knowledge base.
    fn scope(&self, id: &str) -> String {
        self.knowledge_base_id
            .map_or_else(|| id.to_owned(), |id| id.to_string())
    }
}

impl Aggregate for Document {
    const TYPE: &'static str = "document";
    type Command = DocumentCommand;
    type Event = DocumentEvent;
    type Error = DocumentError;
    type Services = ();

    async fn handle(
        &mut self,
        command: DocumentCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), DocumentError> {
        if let DocumentCommand::RequireFile { file_id } = command {
            return self.require_file(file_id);
        }
        let event = self.decide(command)?;
        sink.write(event, self).await;
        Ok(())
    }

    fn apply(&mut self, event: DocumentEvent) {
        match event {
            DocumentEvent::DocumentAdded {
                knowledge_base_id,
                file_id,
                ..
            } => {
                self.knowledge_base_id = Some(knowledge_base_id);
                self.file_id = Some(file_id);
                self.is_processing = true;
            }
            DocumentEvent::DocumentReplaced { file_id, .. } => {
                self.file_id = Some(file_id);
                self.is_processing = true;
            }
            DocumentEvent::ReprocessingRequested {} => self.is_processing = true,
            DocumentEvent::ProcessingStarted { attempt } => self.attempt = attempt,
            DocumentEvent::PassagesAdded { .. }
            | DocumentEvent::PassagesEmbedded { .. }
            | DocumentEvent::EmbeddingCompleted { .. }
            | DocumentEvent::EmbeddingFailed { .. } => {}
            DocumentEvent::ProcessingCompleted { .. } | DocumentEvent::ProcessingFailed { .. } => {
                self.is_processing = false;
            }
            DocumentEvent::DocumentDeleted {} => self.deleted = true,
        }
    }
}

impl Document {
    fn decide(&self, command: DocumentCommand) -> Result<DocumentEvent, DocumentError> {
        if let DocumentCommand::AddDocument {
            document_id,
            knowledge_base_id,
            added_by,
            source,
        } = command
        {
            return self.add(document_id, knowledge_base_id, added_by, source);
        }
        self.require_existing()?;
        match command {
            DocumentCommand::AddDocument { .. } => Err(DocumentError::AlreadyAdded),
            DocumentCommand::RequireFile { .. } => Err(DocumentError::StaleFile),
            DocumentCommand::ReplaceDocument {
                document_id,
                source,
            } => self.replace(document_id, source),
            DocumentCommand::ReprocessDocument {} => {
                self.require_idle()?;
                Ok(DocumentEvent::ReprocessingRequested {})
            }
            DocumentCommand::StartProcessing { attempt } => self.start_processing(attempt),
            DocumentCommand::AddPassages {
                document_id,
                attempt,
                passages,
            } => {
                self.require_attempt(attempt)?;
                let passages = seal(document_id, passages);
                Ok(DocumentEvent::PassagesAdded { attempt, passages })
            }
            DocumentCommand::CompleteProcessing {
                attempt,
                extent,
                left_out,
            } => {
                self.require_attempt(attempt)?;
                Ok(DocumentEvent::ProcessingCompleted {
                    attempt,
                    extent,
                    left_out: limit_list(left_out),
                })
            }
            DocumentCommand::FailProcessing {
                document_id,
                attempt,
                code,
                detail,
            } => {
                self.require_attempt(attempt)?;
                let detail = seal(document_id, detail);
                Ok(DocumentEvent::ProcessingFailed {
                    attempt,
                    code,
                    detail,
                })
            }
            DocumentCommand::AddVectors {
                document_id,
                model,
                vectors,
            } => Ok(DocumentEvent::PassagesEmbedded {
                model,
                vectors: seal(document_id, vectors),
            }),
            DocumentCommand::CompleteEmbedding { attempt, model } => {
                Ok(DocumentEvent::EmbeddingCompleted { attempt, model })
            }
            DocumentCommand::FailEmbedding {
                document_id,
                model,
                code,
                detail,
            } => Ok(DocumentEvent::EmbeddingFailed {
                model,
                code,
                detail: seal(document_id, detail),
            }),
            DocumentCommand::DeleteDocument {} => Ok(DocumentEvent::DocumentDeleted {}),
        }
    }

    fn require_existing(&self) -> Result<(), DocumentError> {
        match self.knowledge_base_id.is_some() && !self.deleted {
            true => Ok(()),
            false => Err(DocumentError::NotFound),
        }
    }

    fn require_file(&self, file_id: Uuid) -> Result<(), DocumentError> {
        self.require_existing()?;
        match self.file_id == Some(file_id) {
            true => Ok(()),
            false => Err(DocumentError::StaleFile),
        }
    }

    fn add(
        &self,
        document_id: Uuid,
        knowledge_base_id: Uuid,
        added_by: Uuid,
        source: SourceFile,
    ) -> Result<DocumentEvent, DocumentError> {
        if self.knowledge_base_id.is_some() {
            return Err(DocumentError::AlreadyAdded);
        }
        Ok(DocumentEvent::DocumentAdded {
            knowledge_base_id,
            added_by,
            file_id: source.file_id,
            name: seal_name(document_id, &source.name)?,
            media_type: source.media_type,
            size: source.size,
        })
    }

    fn replace(
        &self,
        document_id: Uuid,
        source: SourceFile,
    ) -> Result<DocumentEvent, DocumentError> {
        self.require_idle()?;
        Ok(DocumentEvent::DocumentReplaced {
            file_id: source.file_id,
            name: seal_name(document_id, &source.name)?,
            media_type: source.media_type,
            size: source.size,
        })
    }

    fn require_idle(&self) -> Result<(), DocumentError> {
        match self.is_processing {
            true => Err(DocumentError::Processing),
            false => Ok(()),
        }
    }

    fn start_processing(&self, attempt: u32) -> Result<DocumentEvent, DocumentError> {
        if !self.is_processing {
            return Err(DocumentError::NotProcessing);
        }
        if attempt != self.attempt + 1 {
            return Err(DocumentError::StaleAttempt);
        }
        Ok(DocumentEvent::ProcessingStarted { attempt })
    }

    /// Refuses results of a worker that another worker has replaced.
    fn require_attempt(&self, attempt: u32) -> Result<(), DocumentError> {
        if !self.is_processing {
            return Err(DocumentError::NotProcessing);
        }
        match attempt == self.attempt {
            true => Ok(()),
            false => Err(DocumentError::StaleAttempt),
        }
    }
}

fn seal<T>(document_id: Uuid, value: T) -> Personal<T> {
    Personal::new([Subject::new("document", document_id)], value)
}

fn seal_name(document_id: Uuid, name: &str) -> Result<Personal<String>, DocumentError> {
    let name = file_name(name).map_err(DocumentError::Name)?;
    Ok(seal(document_id, name))
}
