//! What may be asked of a knowledge base.

use super::values::{Chunking, Description};
use crate::assistant::{Editor, Visibility};

#[derive(Debug, Clone, PartialEq)]
pub enum KnowledgeCommand {
    CreateKnowledgeBase {
        owner: Editor,
        description: Description,
        visibility: Visibility,
        chunking: Chunking,
    },
    /// Changes what is given and leaves the rest.
    UpdateKnowledgeBase {
        editor: Editor,
        description: Option<Description>,
        visibility: Option<Visibility>,
        chunking: Option<Chunking>,
    },
    DeleteKnowledgeBase {
        editor: Editor,
    },
}
