//! What may be asked of a document. Whether the actor may change its knowledge base is checked before.

use uuid::Uuid;

use super::LeftOut;
use super::values::{Embedded, Extent, FailureCode, Passage};
use crate::file::MediaType;
use crate::response::FailureCode as ProviderFailure;

/// The file that a document is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
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
        source: Source,
    },
    /// A new version of it: the former passages stay until the new ones are there.
    ReplaceDocument {
        document_id: Uuid,
        source: Source,
    },
    ReprocessDocument {},
    StartProcessing {
        attempt: u32,
    },
    /// Passages of an attempt, in order.
    AddPassages {
        document_id: Uuid,
        attempt: u32,
        passages: Vec<Passage>,
    },
    CompleteProcessing {
        attempt: u32,
        extent: Extent,
        left_out: Vec<LeftOut>,
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
        vectors: Vec<Embedded>,
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
    /// Refuses the commands after it where the document is made of another file by now. Changes nothing itself.
    RequireFile {
        file_id: Uuid,
    },
    DeleteDocument {},
}
