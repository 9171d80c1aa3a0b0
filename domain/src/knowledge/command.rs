//! Commands of a knowledge base.

use super::values::{Chunking, Description, Readers};
use crate::assistant::Editor;

#[derive(Debug, Clone, PartialEq)]
pub enum KnowledgeCommand {
    CreateKnowledgeBase {
        owner: Editor,
        description: Description,
        readers: Readers,
        chunking: Chunking,
    },
    /// Changes only the fields that are set.
    UpdateKnowledgeBase {
        editor: Editor,
        description: Option<Description>,
        readers: Option<Readers>,
        chunking: Option<Chunking>,
    },
    /// Refuses the whole execution unless the editor may change the documents; produces no event.
    RequireEditor {
        editor: Editor,
    },
    DeleteKnowledgeBase {
        editor: Editor,
    },
}
