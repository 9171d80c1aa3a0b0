//! Adding a document, and replacing its file.

use uuid::Uuid;

use super::seal;
use crate::command::{Command, Decision};
use crate::document::{Document, DocumentError, DocumentEvent};
use crate::file::{MediaType, file_name};
use crate::personal::Personal;

/// The file of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceFile {
    pub file_id: Uuid,
    pub name: String,
    pub media_type: MediaType,
    pub size: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct AddDocument {
    pub document_id: Uuid,
    pub knowledge_base_id: Uuid,
    pub added_by: Uuid,
    pub source: SourceFile,
}

impl Command<Document> for AddDocument {
    fn decide(self, state: &Document) -> Decision<Document> {
        if state.knowledge_base_id.is_some() {
            return Err(DocumentError::AlreadyAdded);
        }
        Ok(vec![DocumentEvent::DocumentAdded {
            knowledge_base_id: self.knowledge_base_id,
            added_by: self.added_by,
            file_id: self.source.file_id,
            name: seal_name(self.document_id, &self.source.name)?,
            media_type: self.source.media_type,
            size: self.source.size,
        }])
    }
}

/// Replaces the file. The previous passages remain searchable until the new ones are ready.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplaceDocument {
    pub document_id: Uuid,
    pub source: SourceFile,
}

impl Command<Document> for ReplaceDocument {
    fn decide(self, state: &Document) -> Decision<Document> {
        state.require_idle()?;
        Ok(vec![DocumentEvent::DocumentReplaced {
            file_id: self.source.file_id,
            name: seal_name(self.document_id, &self.source.name)?,
            media_type: self.source.media_type,
            size: self.source.size,
        }])
    }
}

/// Refuses the whole execution if the document has a different file by now; produces no event.
#[derive(Debug, Clone, PartialEq)]
pub struct RequireFile {
    pub file_id: Uuid,
}

impl Command<Document> for RequireFile {
    fn decide(self, state: &Document) -> Decision<Document> {
        state.require_existing()?;
        match state.file_id == Some(self.file_id) {
            true => Ok(vec![]),
            false => Err(DocumentError::StaleFile),
        }
    }
}

fn seal_name(document_id: Uuid, name: &str) -> Result<Personal<String>, DocumentError> {
    let name = file_name(name).map_err(DocumentError::Name)?;
    Ok(seal(document_id, name))
}

#[cfg(test)]
mod tests {
    use cqrs_es::Aggregate;

    use super::*;
    use crate::command::decide;
    use crate::document::fixture::{BASE, add, added};
    use crate::event::StoredAggregate;

    #[test]
    fn a_document_belongs_to_the_stream_of_its_knowledge_base() {
        let mut document = Document::default();
        document.apply(added());
        assert_eq!(document.scope("x"), BASE.to_string());
    }

    #[test]
    fn a_document_without_a_name_is_refused() {
        let refused = decide([], add("../.."));
        assert!(matches!(refused, Err(DocumentError::Name(_))));
    }
}
