//! An added document and its events.

use uuid::Uuid;

use super::{AddDocument, CompleteProcessing, DocumentEvent, Extent, SourceFile};
use crate::command::decide;
use crate::file::MediaType;

pub(super) const DOCUMENT: Uuid = Uuid::from_u128(1);
pub(super) const BASE: Uuid = Uuid::from_u128(2);

pub(super) fn source(name: &str) -> SourceFile {
    SourceFile {
        file_id: Uuid::from_u128(3),
        name: name.to_owned(),
        media_type: MediaType::from_name("text/plain"),
        size: 1,
    }
}

pub(super) fn add(name: &str) -> AddDocument {
    AddDocument {
        document_id: DOCUMENT,
        knowledge_base_id: BASE,
        added_by: Uuid::from_u128(4),
        source: source(name),
    }
}

pub(super) fn added() -> DocumentEvent {
    decide([], add("a.txt")).unwrap().remove(0)
}

pub(super) fn started(attempt: u32) -> DocumentEvent {
    DocumentEvent::ProcessingStarted { attempt }
}

pub(super) fn complete(attempt: u32) -> CompleteProcessing {
    CompleteProcessing {
        attempt,
        extent: Extent::default(),
        left_out: vec![],
    }
}

pub(super) fn completed(attempt: u32) -> DocumentEvent {
    DocumentEvent::ProcessingCompleted {
        attempt,
        extent: Extent::default(),
        left_out: vec![],
    }
}
