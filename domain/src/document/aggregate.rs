//! One document: of which knowledge base, and how far its processing is. It holds no text.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::command::Source;
use super::left_out::shortened;
use super::{DocumentCommand, DocumentError, DocumentEvent};
use crate::file::file_name;
use crate::personal::{Personal, Subject};
use crate::recorded::{Event, Recorded};

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Document {
    knowledge_base_id: Option<Uuid>,
    file_id: Option<Uuid>,
    /// Waits for a worker, or has one.
    in_process: bool,
    attempt: u32,
    deleted: bool,
}

impl Recorded for Document {
    const OWNS_KEY: bool = true;

    fn event(event: Self::Event) -> Event {
        Event::Document(event)
    }

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
                self.in_process = true;
            }
            DocumentEvent::DocumentReplaced { file_id, .. } => {
                self.file_id = Some(file_id);
                self.in_process = true;
            }
            DocumentEvent::ReprocessingRequested {} => self.in_process = true,
            DocumentEvent::ProcessingStarted { attempt } => self.attempt = attempt,
            DocumentEvent::PassagesAdded { .. }
            | DocumentEvent::PassagesEmbedded { .. }
            | DocumentEvent::EmbeddingCompleted { .. }
            | DocumentEvent::EmbeddingFailed { .. } => {}
            DocumentEvent::ProcessingCompleted { .. } | DocumentEvent::ProcessingFailed { .. } => {
                self.in_process = false;
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
        self.exists()?;
        match command {
            DocumentCommand::AddDocument { .. } => Err(DocumentError::AlreadyAdded),
            DocumentCommand::RequireFile { .. } => Err(DocumentError::OtherFile),
            DocumentCommand::ReplaceDocument {
                document_id,
                source,
            } => self.replace(document_id, source),
            DocumentCommand::ReprocessDocument {} => {
                self.at_rest()?;
                Ok(DocumentEvent::ReprocessingRequested {})
            }
            DocumentCommand::StartProcessing { attempt } => self.start(attempt),
            DocumentCommand::AddPassages {
                document_id,
                attempt,
                passages,
            } => {
                self.fence(attempt)?;
                let passages = sealed(document_id, passages);
                Ok(DocumentEvent::PassagesAdded { attempt, passages })
            }
            DocumentCommand::CompleteProcessing {
                attempt,
                extent,
                left_out,
            } => {
                self.fence(attempt)?;
                Ok(DocumentEvent::ProcessingCompleted {
                    attempt,
                    extent,
                    left_out: shortened(left_out),
                })
            }
            DocumentCommand::FailProcessing {
                document_id,
                attempt,
                code,
                detail,
            } => {
                self.fence(attempt)?;
                let detail = sealed(document_id, detail);
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
                vectors: sealed(document_id, vectors),
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
                detail: sealed(document_id, detail),
            }),
            DocumentCommand::DeleteDocument {} => Ok(DocumentEvent::DocumentDeleted {}),
        }
    }

    fn exists(&self) -> Result<(), DocumentError> {
        match self.knowledge_base_id.is_some() && !self.deleted {
            true => Ok(()),
            false => Err(DocumentError::NotFound),
        }
    }

    fn require_file(&self, file_id: Uuid) -> Result<(), DocumentError> {
        self.exists()?;
        match self.file_id == Some(file_id) {
            true => Ok(()),
            false => Err(DocumentError::OtherFile),
        }
    }

    fn add(
        &self,
        document_id: Uuid,
        knowledge_base_id: Uuid,
        added_by: Uuid,
        source: Source,
    ) -> Result<DocumentEvent, DocumentError> {
        if self.knowledge_base_id.is_some() {
            return Err(DocumentError::AlreadyAdded);
        }
        Ok(DocumentEvent::DocumentAdded {
            knowledge_base_id,
            added_by,
            file_id: source.file_id,
            name: named(document_id, &source.name)?,
            media_type: source.media_type,
            size: source.size,
        })
    }

    fn replace(&self, document_id: Uuid, source: Source) -> Result<DocumentEvent, DocumentError> {
        self.at_rest()?;
        Ok(DocumentEvent::DocumentReplaced {
            file_id: source.file_id,
            name: named(document_id, &source.name)?,
            media_type: source.media_type,
            size: source.size,
        })
    }

    fn at_rest(&self) -> Result<(), DocumentError> {
        match self.in_process {
            true => Err(DocumentError::InProcess),
            false => Ok(()),
        }
    }

    fn start(&self, attempt: u32) -> Result<DocumentEvent, DocumentError> {
        if !self.in_process {
            return Err(DocumentError::NotInProcess);
        }
        if attempt != self.attempt + 1 {
            return Err(DocumentError::OtherAttempt);
        }
        Ok(DocumentEvent::ProcessingStarted { attempt })
    }

    fn fence(&self, attempt: u32) -> Result<(), DocumentError> {
        if !self.in_process {
            return Err(DocumentError::NotInProcess);
        }
        match attempt == self.attempt {
            true => Ok(()),
            false => Err(DocumentError::OtherAttempt),
        }
    }
}

fn sealed<T>(document_id: Uuid, value: T) -> Personal<T> {
    Personal::new([Subject::new("document", document_id)], value)
}

fn named(document_id: Uuid, name: &str) -> Result<Personal<String>, DocumentError> {
    let name = file_name(name).map_err(DocumentError::Name)?;
    Ok(sealed(document_id, name))
}
