//! What happened to a document.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::LeftOut;
use super::values::{Embedded, Extent, FailureCode, Passage};
use crate::file::MediaType;
use crate::personal::Personal;
use crate::recorded::stored_events;
use crate::response::FailureCode as ProviderFailure;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event_type", rename_all = "snake_case")]
pub enum DocumentEvent {
    DocumentAdded {
        knowledge_base_id: Uuid,
        added_by: Uuid,
        file_id: Uuid,
        name: Personal<String>,
        media_type: MediaType,
        /// In bytes.
        size: u64,
    },
    DocumentReplaced {
        file_id: Uuid,
        name: Personal<String>,
        media_type: MediaType,
        size: u64,
    },
    ReprocessingRequested {},
    ProcessingStarted {
        /// Counts the workers that tried; what another attempt yields is refused.
        attempt: u32,
    },
    PassagesAdded {
        attempt: u32,
        passages: Personal<Vec<Passage>>,
    },
    /// From here on the passages of this attempt are found, and those of former ones are not.
    ProcessingCompleted {
        attempt: u32,
        extent: Extent,
        /// What the document holds and the passages do not.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        left_out: Vec<LeftOut>,
    },
    ProcessingFailed {
        attempt: u32,
        code: FailureCode,
        detail: Personal<String>,
    },
    /// The vectors of some passages.
    PassagesEmbedded {
        model: String,
        vectors: Personal<Vec<Embedded>>,
    },
    /// Every passage of this attempt has a vector of this model.
    EmbeddingCompleted {
        attempt: u32,
        model: String,
    },
    /// The passages are found by their words meanwhile; it is tried again.
    EmbeddingFailed {
        model: String,
        code: ProviderFailure,
        detail: Personal<String>,
    },
    DocumentDeleted {},
}

stored_events!(DocumentEvent {
    DocumentAdded => "document_added",
    DocumentReplaced => "document_replaced",
    ReprocessingRequested => "reprocessing_requested",
    ProcessingStarted => "processing_started",
    PassagesAdded => "passages_added",
    ProcessingCompleted => "processing_completed",
    ProcessingFailed => "processing_failed",
    PassagesEmbedded => "passages_embedded",
    EmbeddingCompleted => "embedding_completed",
    EmbeddingFailed => "embedding_failed",
    DocumentDeleted => "document_deleted",
});
