//! Events of a conversation.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::codec::stored_events;
use crate::personal::Personal;
use crate::response::{Answer, Call, Usage};

/// Whether an answer was good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[derive(strum::Display, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Rating {
    Up,
    Down,
}

/// The product from whose export a conversation was imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[derive(strum::Display, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum ImportSource {
    Convosphere,
    #[serde(rename = "chatgpt")]
    #[strum(serialize = "chatgpt")]
    ChatGpt,
}

/// The author of an imported message, and for answers how they ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportedRole {
    /// Written by a person.
    Question,
    /// A complete answer.
    Answer,
    Failed,
    Interrupted,
    Cancelled,
}

impl ImportedRole {
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
        /// Whether lists, search and counts leave it out, as for a preview of an assistant.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        hidden: bool,
    },
    /// Imported from another product or another installation.
    ConversationImported {
        owner_id: Uuid,
        source: ImportSource,
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
    /// Adds the answer's message to the tree; its text and outcome are events of the response.
    AnswerAdded {
        message_id: Uuid,
        parent_id: Uuid,
        response_id: Uuid,
    },
    /// An imported question or answer. Imported answers have no response of this installation.
    MessageImported {
        message_id: Uuid,
        parent_id: Option<Uuid>,
        said: ImportedRole,
        content: Personal<Answer>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<Uuid>,
        /// The model that answered, as named in the export.
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
        /// Whether it was derived from the first question or written by a model, rather than typed.
        automatic: bool,
        /// The call to the model that wrote it.
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
    /// A user has read all messages up to this one, in the order in which they were added.
    ReadMarkerMoved {
        user_id: Uuid,
        message_id: Uuid,
    },
    /// A user has rated an answer; `None` withdraws the rating.
    FeedbackGiven {
        user_id: Uuid,
        message_id: Uuid,
        rating: Option<Rating>,
    },
    /// The key is destroyed; only ids remain readable.
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
