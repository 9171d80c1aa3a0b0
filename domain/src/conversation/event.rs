//! What happened in a conversation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::personal::Personal;
use crate::recorded::stored_events;

/// Whether an answer was good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rating {
    Up,
    Down,
}

impl Rating {
    pub fn name(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event_type", rename_all = "snake_case")]
pub enum ConversationEvent {
    ConversationStarted {
        owner_id: Uuid,
        title: Option<Personal<String>>,
        assistant_id: Uuid,
        /// Overrides the assistant's model.
        model: Option<String>,
    },
    MessagePosted {
        message_id: Uuid,
        parent_id: Option<Uuid>,
        author: Uuid,
        content: Personal<String>,
        attachments: Vec<Uuid>,
    },
    /// The answer's place in the tree; its text and outcome live in the response.
    AnswerAdded {
        message_id: Uuid,
        parent_id: Uuid,
        response_id: Uuid,
    },
    TitleChanged {
        title: Personal<String>,
        /// Made from the first exchange, not typed.
        automatic: bool,
    },
    AssistantChosen {
        assistant_id: Uuid,
        model: Option<String>,
    },
    ConversationPinned {},
    ConversationUnpinned {},
    ConversationArchived {},
    ConversationUnarchived {},
    ConversationTrashed {},
    ConversationRestored {},
    /// A person has read up to a message, in the order in which messages came.
    ReadMarkerMoved {
        user_id: Uuid,
        message_id: Uuid,
    },
    /// A person has said whether an answer was good; none takes it back.
    FeedbackGiven {
        user_id: Uuid,
        message_id: Uuid,
        rating: Option<Rating>,
    },
    /// Its key is destroyed; ids are all that is left.
    ConversationErased {},
}

stored_events!(ConversationEvent {
    ConversationStarted => "conversation_started",
    MessagePosted => "message_posted",
    AnswerAdded => "answer_added",
    TitleChanged => "title_changed",
    AssistantChosen => "assistant_chosen",
    ConversationPinned => "conversation_pinned",
    ConversationUnpinned => "conversation_unpinned",
    ConversationArchived => "conversation_archived",
    ConversationUnarchived => "conversation_unarchived",
    ConversationTrashed => "conversation_trashed",
    ConversationRestored => "conversation_restored",
    ReadMarkerMoved => "read_marker_moved",
    FeedbackGiven => "feedback_given",
    ConversationErased => "conversation_erased",
});
