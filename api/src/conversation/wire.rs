//! Request and response bodies of conversations.

use chrono::{DateTime, Utc};
use domain::conversation::{self, StartConversation};
use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use projections::conversation::ConversationView;
use serde::Deserialize;
use uuid::Uuid;

use crate::http::resource;

/// A conversation of the caller.
#[derive(Debug, Object)]
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
    /// The newest message of the current path.
    pub leaf_id: Option<Uuid>,
    /// The last message that the caller has read, in the order in which messages were posted.
    pub last_read_message_id: Option<Uuid>,
    pub message_count: i64,
    /// The product that it was imported from: `convosphere` or `chatgpt`. Null if it was started here.
    pub imported_from: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

resource!(
    ConversationResource,
    ConversationView,
    "/api/v1/conversations"
);

impl From<ConversationView> for ConversationResource {
    fn from(view: ConversationView) -> Self {
        Self {
            id: view.id,
            version: view.version,
            title: view.title,
            assistant_id: view.assistant_id,
            model: view.model,
            pinned: view.pinned,
            archived: view.archived,
            trashed: view.trashed,
            leaf_id: view.leaf_id,
            last_read_message_id: view.last_read_message_id,
            message_count: view.message_count,
            imported_from: view.imported_from.map(|source| source.to_string()),
            created_at: view.created_at,
            updated_at: view.updated_at,
        }
    }
}

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateConversation {
    /// By default, the first question becomes the title.
    pub title: Option<String>,
    /// The default assistant by default.
    pub assistant_id: Option<Uuid>,
    /// The model of the assistant by default.
    pub model: Option<String>,
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
