//! Events of a document.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Omission;
use super::values::{Extent, FailureCode, Passage, PassageVector};
use crate::codec::stored_events;
use crate::file::MediaType;
use crate::personal::Personal;
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
        /// The number of the attempt; results of other attempts are refused.
        attempt: u32,
    },
    PassagesAdded {
        attempt: u32,
        passages: Personal<Vec<Passage>>,
    },
    /// From now on the passages of this attempt are searchable instead of those of earlier attempts.
    ProcessingCompleted {
        attempt: u32,
        extent: Extent,
        /// Content of the document that is missing from the passages.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        left_out: Vec<Omission>,
    },
    ProcessingFailed {
        attempt: u32,
        code: FailureCode,
        detail: Personal<String>,
    },
    /// Vectors for some of the passages.
    PassagesEmbedded {
        model: String,
        vectors: Personal<Vec<PassageVector>>,
    },
    /// Every passage of this attempt now has a vector of this model.
    EmbeddingCompleted {
        attempt: u32,
        model: String,
    },
    /// Embedding failed and will be retried; until then the passages are found only by keyword search.
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
    PassagesAdded => "passages_added" withhold [passages],
    ProcessingCompleted => "processing_completed",
    ProcessingFailed => "processing_failed",
    PassagesEmbedded => "passages_embedded" withhold [vectors],
    EmbeddingCompleted => "embedding_completed",
    EmbeddingFailed => "embedding_failed",
    DocumentDeleted => "document_deleted",
});
