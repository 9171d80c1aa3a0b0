//! Commands of a conversation.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::event::{ImportSource, ImportedRole, Rating};
use crate::response::{Answer, Call, Usage};

/// The position of a new message in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parent {
    /// Below the newest message.
    Leaf,
    /// As a new root.
    Root,
    /// Below this message.
    Message(Uuid),
}

/// A conversation to import, without its messages.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedConversation {
    pub id: Uuid,
    pub owner_id: Uuid,
    pub source: ImportSource,
    pub title: Option<String>,
    pub assistant_id: Uuid,
    pub model: Option<String>,
    pub pinned: bool,
    pub archived: bool,
    pub trashed: bool,
    pub started_at: DateTime<Utc>,
    pub changed_at: DateTime<Utc>,
}

/// A message to import.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedMessage {
    pub id: Uuid,
    pub parent_id: Option<Uuid>,
    pub role: ImportedRole,
    pub content: Answer,
    /// Files that belong to the owner of the conversation.
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
    /// Changes nothing if its owner has already imported it.
    ImportConversation(ImportedConversation),
    /// Adds messages to an imported conversation; parents must come before children. Existing messages are skipped.
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
        /// Files that belong to the actor.
        attachments: Vec<Uuid>,
        /// Ids of the requested answer: message and response.
        answer: Option<(Uuid, Uuid)>,
    },
    /// Adds a sibling of one of the actor's messages, with new content.
    EditMessage {
        conversation_id: Uuid,
        actor: Uuid,
        original_id: Uuid,
        message_id: Uuid,
        content: String,
        attachments: Vec<Uuid>,
        answer: Option<(Uuid, Uuid)>,
    },
    /// Adds another answer to the same question.
    RegenerateAnswer {
        actor: Uuid,
        original_id: Uuid,
        answer: (Uuid, Uuid),
    },
    /// Changes only the fields that are set.
    UpdateConversation {
        conversation_id: Uuid,
        actor: Uuid,
        title: Option<String>,
        archived: Option<bool>,
        pinned: Option<bool>,
        assistant_id: Option<Uuid>,
        /// `Some(None)` returns to the assistant's model.
        model: Option<Option<String>>,
    },
    /// Sets the title that a model generated. Changes nothing if the reply contains no title, or if the current title
    /// is not the one derived from the first question.
    WriteTitle {
        conversation_id: Uuid,
        reply: String,
        call: Call,
    },
    TrashConversation {
        actor: Uuid,
    },
    RestoreConversation {
        actor: Uuid,
    },
    /// Marks the messages up to this one as read; a marker never moves back.
    MoveReadMarker {
        actor: Uuid,
        message_id: Uuid,
    },
    /// Rates an answer for the actor; `None` withdraws the rating.
    GiveFeedback {
        actor: Uuid,
        message_id: Uuid,
        rating: Option<Rating>,
    },
    /// Makes the conversation unreadable; changes nothing if it is already erased.
    EraseConversation {},
}
