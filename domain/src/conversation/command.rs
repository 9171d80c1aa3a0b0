//! What may be asked of a conversation.

use uuid::Uuid;

use super::event::Rating;

/// Where a message is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parent {
    /// Below the newest message of the current path.
    Leaf,
    /// A new root.
    Root,
    Message(Uuid),
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
    /// Names a conversation that has no title yet.
    NameConversation {
        conversation_id: Uuid,
        title: String,
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
