//! Deleting a document.

use crate::command::{Command, Decision};
use crate::document::{Document, DocumentEvent};

#[derive(Debug, Clone, PartialEq)]
pub struct DeleteDocument;

impl Command<Document> for DeleteDocument {
    fn decide(self, state: &Document) -> Decision<Document> {
        state.require_existing()?;
        Ok(vec![DocumentEvent::DocumentDeleted {}])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::decide;
    use crate::document::fixture::{DOCUMENT, added, complete, started};
    use crate::document::{AddVectors, DocumentCommand, DocumentError, ReprocessDocument};

    #[test]
    fn commands_on_a_deleted_document_are_refused() {
        let mut given = vec![added(), started(1)];
        let deleted = decide(given.clone(), DeleteDocument).unwrap();
        assert_eq!(deleted, [DocumentEvent::DocumentDeleted {}]);
        given.extend(deleted);
        let vectors = AddVectors {
            document_id: DOCUMENT,
            model: "a/b".to_owned(),
            vectors: vec![],
        };
        for late in [
            DocumentCommand::from(DeleteDocument),
            complete(1).into(),
            ReprocessDocument.into(),
            vectors.into(),
        ] {
            let refused = decide(given.clone(), late);
            assert_eq!(refused, Err(DocumentError::NotFound));
        }
    }
}
