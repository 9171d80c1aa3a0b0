//! Vectors of a document's passages.

use uuid::Uuid;

use super::seal;
use crate::command::{Command, Decision};
use crate::document::{Document, DocumentEvent, PassageVector};
use crate::response::FailureCode;

#[derive(Debug, Clone, PartialEq)]
pub struct AddVectors {
    pub document_id: Uuid,
    pub model: String,
    pub vectors: Vec<PassageVector>,
}

impl Command<Document> for AddVectors {
    fn decide(self, state: &Document) -> Decision<Document> {
        state.require_existing()?;
        Ok(vec![DocumentEvent::PassagesEmbedded {
            model: self.model,
            vectors: seal(self.document_id, self.vectors),
        }])
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct CompleteEmbedding {
    pub attempt: u32,
    pub model: String,
}

impl Command<Document> for CompleteEmbedding {
    fn decide(self, state: &Document) -> Decision<Document> {
        state.require_existing()?;
        Ok(vec![DocumentEvent::EmbeddingCompleted {
            attempt: self.attempt,
            model: self.model,
        }])
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct FailEmbedding {
    pub document_id: Uuid,
    pub model: String,
    pub code: FailureCode,
    pub detail: String,
}

impl Command<Document> for FailEmbedding {
    fn decide(self, state: &Document) -> Decision<Document> {
        state.require_existing()?;
        Ok(vec![DocumentEvent::EmbeddingFailed {
            model: self.model,
            code: self.code,
            detail: seal(self.document_id, self.detail),
        }])
    }
}
