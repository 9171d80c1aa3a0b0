//! Commands of a document. The caller checks that the actor may change the knowledge base.

use uuid::Uuid;

use super::Omission;
use super::values::{Extent, FailureCode, Passage, PassageVector};
use crate::file::MediaType;
use crate::response::FailureCode as ProviderFailure;

/// The file of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    pub file_id: Uuid,
    pub name: String,
    pub media_type: MediaType,
    pub size: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub enum DocumentCommand {
    AddDocument {
        document_id: Uuid,
        knowledge_base_id: Uuid,
        added_by: Uuid,
        source: SourceFile,
    },
    /// Replaces the file. The previous passages remain searchable until the new ones are ready.
    ReplaceDocument {
        document_id: Uuid,
        source: SourceFile,
    },
    ReprocessDocument {},
    StartProcessing {
        attempt: u32,
    },
    /// Adds the next passages of an attempt, in order.
    AddPassages {
        document_id: Uuid,
        attempt: u32,
        passages: Vec<Passage>,
    },
    CompleteProcessing {
        attempt: u32,
        extent: Extent,
        left_out: Vec<Omission>,
    },
    FailProcessing {
        document_id: Uuid,
        attempt: u32,
        code: FailureCode,
        detail: String,
    },
    AddVectors {
        document_id: Uuid,
        model: String,
        vectors: Vec<PassageVector>,
    },
    CompleteEmbedding {
        attempt: u32,
        model: String,
    },
    FailEmbedding {
        document_id: Uuid,
        model: String,
        code: ProviderFailure,
        detail: String,
    },
    /// Refuses the whole execution if the document has a different file by now; produces no event.
    RequireFile {
        file_id: Uuid,
    },
    DeleteDocument {},
}
