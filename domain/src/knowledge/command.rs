//! What may be asked of a knowledge base.

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
    /// Changes what is given and leaves the rest.
    UpdateKnowledgeBase {
        editor: Editor,
        description: Option<Description>,
        readers: Option<Readers>,
        chunking: Option<Chunking>,
    },
    /// Refuses the commands after it where the editor may not change what is in it. Changes nothing itself.
    ChangeDocuments {
        editor: Editor,
    },
    DeleteKnowledgeBase {
        editor: Editor,
    },
}
