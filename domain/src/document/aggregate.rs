//! One document: its knowledge base, its file and the state of its processing. It holds no text.

use cqrs_es::Aggregate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{DeleteDocument, DocumentCommand, DocumentError, DocumentEvent};
use crate::command::handle_commands;
use crate::event::{Erasable, StoredAggregate};

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Document {
    pub(super) knowledge_base_id: Option<Uuid>,
    pub(super) file_id: Option<Uuid>,
    /// Whether it is waiting for a worker or being processed.
    pub(super) is_processing: bool,
    pub(super) attempt: u32,
    pub(super) deleted: bool,
}

impl StoredAggregate for Document {
    const OWNS_KEY: bool = true;

    /// A document belongs to the stream of its knowledge base.
    fn scope(&self, id: &str) -> String {
        self.knowledge_base_id
            .map_or_else(|| id.to_owned(), |id| id.to_string())
    }
}

impl Erasable for Document {
    const ENDED_BY: &'static str = "document_deleted";

    fn erasure() -> Self::Command {
        DeleteDocument.into()
    }
}

impl Aggregate for Document {
    const TYPE: &'static str = "document";
    type Command = DocumentCommand;
    type Event = DocumentEvent;
    type Error = DocumentError;
    handle_commands!();

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
    pub(super) fn require_existing(&self) -> Result<(), DocumentError> {
        match self.knowledge_base_id.is_some() && !self.deleted {
            true => Ok(()),
            false => Err(DocumentError::NotFound),
        }
    }

    pub(super) fn require_idle(&self) -> Result<(), DocumentError> {
        self.require_existing()?;
        match self.is_processing {
            true => Err(DocumentError::Processing),
            false => Ok(()),
        }
    }

    pub(super) fn require_processing(&self) -> Result<(), DocumentError> {
        self.require_existing()?;
        match self.is_processing {
            true => Ok(()),
            false => Err(DocumentError::NotProcessing),
        }
    }

    /// Refuses results of a worker that another worker has replaced.
    pub(super) fn require_attempt(&self, attempt: u32) -> Result<(), DocumentError> {
        self.require_processing()?;
        match attempt == self.attempt {
            true => Ok(()),
            false => Err(DocumentError::StaleAttempt),
        }
    }
}
