//! Request and response bodies of conversations.

use chrono::{DateTime, Utc};
use domain::conversation::{self, StartConversation};
use o2o::o2o;
use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use projections::conversation::ConversationView;
use serde::Deserialize;
use uuid::Uuid;

use crate::http::resource;

/// A conversation of the caller.
#[derive(Debug, Object, o2o)]
#[from_owned(ConversationView)]
#[oai(rename = "Conversation")]
pub struct ConversationResource {
    pub id: Uuid,
    pub version: i64,
    /// Null until the user names it or the first question does.
    pub title: Option<String>,
    pub assistant_id: Uuid,
    /// Null for the model of the assistant.
    pub model: Option<String>,
    pub pinned: bool,
    pub archived: bool,
    pub trashed: bool,
    /// Whether lists, search and counts leave it out.
    pub hidden: bool,
    /// The newest message of the current path.
    pub leaf_id: Option<Uuid>,
    /// The last message that the caller has read, in the order in which messages were posted.
    pub last_read_message_id: Option<Uuid>,
    pub message_count: i64,
    /// The product that it was imported from: `convosphere` or `chatgpt`. Null if it was started here.
    #[from(~.map(|source| source.to_string()))]
    pub imported_from: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

resource!(
    ConversationResource,
    ConversationView,
    "/api/v1/conversations"
);

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateConversation {
    /// By default, the first question becomes the title.
    pub title: Option<String>,
    /// The default assistant by default.
    pub assistant_id: Option<Uuid>,
    /// By default the caller's default model if no assistant is given, otherwise the model of the assistant.
    pub model: Option<String>,
    /// The first message, which is answered.
    pub message: Option<FirstMessage>,
    /// Whether lists, search, counts and exports leave it out, as for a preview of an assistant; false by default.
    pub hidden: Option<bool>,
}

/// The first message of a new conversation.
#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(super) struct FirstMessage {
    pub content: String,
    /// At most 20 files of the caller. If there are any, `content` may be empty.
    pub attachment_ids: Option<Vec<Uuid>>,
}

impl CreateConversation {
    pub(super) fn command(
        self,
        conversation_id: Uuid,
        owner_id: Uuid,
        assistant_id: Uuid,
    ) -> StartConversation {
        StartConversation {
            conversation_id,
            owner_id,
            title: self.title,
            assistant_id,
            model: self.model,
            hidden: self.hidden.unwrap_or(false),
        }
    }
}

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateConversation {
    pub title: Option<String>,
    pub archived: Option<bool>,
    pub pinned: Option<bool>,
    pub assistant_id: Option<Uuid>,
    /// Null resets it to the model of the assistant.
    #[serde(default)]
    pub model: MaybeUndefined<String>,
}

impl UpdateConversation {
    pub(super) fn command(
        self,
        conversation_id: Uuid,
        actor: Uuid,
    ) -> conversation::UpdateConversation {
        conversation::UpdateConversation {
            conversation_id,
            actor,
            title: self.title,
            archived: self.archived,
            pinned: self.pinned,
            assistant_id: self.assistant_id,
            model: self.model.into(),
        }
    }
}

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(super) struct MoveReadMarker {
    /// The last message that was read.
    pub message_id: Uuid,
}
