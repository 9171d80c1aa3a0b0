//! What may be asked of a conversation.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::event::{Rating, Said, Source};
use crate::response::{Answer, Call, Usage};

/// Where a message is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parent {
    /// Below the newest message of the current path.
    Leaf,
    /// A new root.
    Root,
    Message(Uuid),
}

/// A conversation as it was elsewhere, without its messages.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedConversation {
    pub id: Uuid,
    pub owner_id: Uuid,
    pub source: Source,
    pub title: Option<String>,
    pub assistant_id: Uuid,
    pub model: Option<String>,
    pub pinned: bool,
    pub archived: bool,
    pub trashed: bool,
    pub started_at: DateTime<Utc>,
    pub changed_at: DateTime<Utc>,
}

/// A message as it was elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedMessage {
    pub id: Uuid,
    pub parent_id: Option<Uuid>,
    pub said: Said,
    pub content: Answer,
    /// Files of the conversation's owner.
    pub attachments: Vec<Uuid>,
    pub model: Option<String>,
    pub usage: Option<Usage>,
    pub rating: Option<Rating>,
    pub written_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ConversationCommand {
    StartConversation {
        conversation_id: Uuid,
        owner_id: Uuid,
        title: Option<String>,
        assistant_id: Uuid,
        model: Option<String>,
    },
    /// Where its owner has it already, nothing changes.
    ImportConversation(ImportedConversation),
    /// Messages of an imported conversation, none before the one it stands below; those that are there stay as they are.
    ImportMessages {
        conversation_id: Uuid,
        actor: Uuid,
        messages: Vec<ImportedMessage>,
    },
    PostMessage {
        conversation_id: Uuid,
        actor: Uuid,
        message_id: Uuid,
        parent: Parent,
        content: String,
        /// Files of the actor's.
        attachments: Vec<Uuid>,
        /// The answer that is asked for: its message and its response.
        answer: Option<(Uuid, Uuid)>,
    },
    /// A sibling of a message of one's own, with other content.
    EditMessage {
        conversation_id: Uuid,
        actor: Uuid,
        original_id: Uuid,
        message_id: Uuid,
        content: String,
        attachments: Vec<Uuid>,
        answer: Option<(Uuid, Uuid)>,
    },
    /// Another answer to the question above an answer.
    RegenerateAnswer {
        actor: Uuid,
        original_id: Uuid,
        answer: (Uuid, Uuid),
    },
    /// Changes what is given and leaves the rest.
    UpdateConversation {
        conversation_id: Uuid,
        actor: Uuid,
        title: Option<String>,
        archived: Option<bool>,
        pinned: Option<bool>,
        assistant_id: Option<Uuid>,
        /// `Some(None)` goes back to the assistant's own model.
        model: Option<Option<String>>,
    },
    /// What a model has said when it was asked for a title. It replaces the one that the first question gave; where a
    /// person has named the conversation meanwhile, or the model has named nothing, nothing changes.
    WriteTitle {
        conversation_id: Uuid,
        said: String,
        call: Call,
    },
    TrashConversation {
        actor: Uuid,
    },
    RestoreConversation {
        actor: Uuid,
    },
    /// The actor has read up to a message; a marker never goes back.
    MoveReadMarker {
        actor: Uuid,
        message_id: Uuid,
    },
    /// Whether an answer was good, for the actor; none takes it back.
    GiveFeedback {
        actor: Uuid,
        message_id: Uuid,
        rating: Option<Rating>,
    },
    /// Leaves nothing to read; where that is so already, nothing changes.
    EraseConversation {},
}
