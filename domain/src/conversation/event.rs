//! What happened in a conversation.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::personal::Personal;
use crate::recorded::stored_events;
use crate::response::{Answer, Call, Usage};

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

/// Which product's export a conversation was imported from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Convosphere,
    #[serde(rename = "chatgpt")]
    ChatGpt,
}

impl Source {
    pub fn name(self) -> &'static str {
        match self {
            Self::Convosphere => "convosphere",
            Self::ChatGpt => "chatgpt",
        }
    }
}

/// Who said an imported message, and how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// A person's.
    Question,
    /// An answer that is whole.
    Answer,
    Failed,
    Interrupted,
    Cancelled,
}

impl Said {
    pub fn is_answer(self) -> bool {
        self != Self::Question
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
    /// Started as it was elsewhere, or here before.
    ConversationImported {
        owner_id: Uuid,
        source: Source,
        title: Option<Personal<String>>,
        assistant_id: Uuid,
        model: Option<String>,
        pinned: bool,
        archived: bool,
        trashed: bool,
        started_at: DateTime<Utc>,
        changed_at: DateTime<Utc>,
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
    /// A message as it was elsewhere, answers included: no run of this installation made them.
    MessageImported {
        message_id: Uuid,
        parent_id: Option<Uuid>,
        said: Said,
        content: Personal<Answer>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<Uuid>,
        /// What answered, as its source names it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        model: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        usage: Option<Usage>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rating: Option<Rating>,
        written_at: DateTime<Utc>,
    },
    TitleChanged {
        title: Personal<String>,
        /// Made from the first exchange, not typed.
        automatic: bool,
        /// The call of the model that has written it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        call: Option<Call>,
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
    ConversationImported => "conversation_imported",
    MessagePosted => "message_posted",
    AnswerAdded => "answer_added",
    MessageImported => "message_imported",
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
