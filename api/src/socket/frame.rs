//! Messages that clients send over a WebSocket.

use poem::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::http::Problem;

/// A message of a client, by its `type`.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum ClientMessage {
    /// Must be the first message, within five seconds.
    Auth {
        token: String,
    },
    /// Subscribes to a conversation or a channel, after an event id or position, or else from now.
    Subscribe {
        #[serde(default)]
        conversation_id: Option<Uuid>,
        #[serde(default)]
        channel: Option<Channel>,
        #[serde(default)]
        after: Option<Cursor>,
    },
    Unsubscribe {
        #[serde(default)]
        conversation_id: Option<Uuid>,
        #[serde(default)]
        channel: Option<Channel>,
    },
    /// The user is typing; other subscribers of the conversation are notified.
    Typing {
        conversation_id: Uuid,
    },
    /// The user has read up to a message.
    Read {
        message_id: Uuid,
    },
    Ping {},
}

/// Events that can be followed besides conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Channel {
    /// The events that concern the user, as in `GET feed`.
    Feed,
    /// The log, as in `GET events/stream`. For administrators.
    Events,
}

/// What a connection can follow; each topic once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Topic {
    Conversation(Uuid),
    Channel(Channel),
}

impl Topic {
    /// The topic that a message names; exactly one of the two is required.
    pub(super) fn new(
        conversation_id: Option<Uuid>,
        channel: Option<Channel>,
    ) -> Result<Self, Problem> {
        match (conversation_id, channel) {
            (Some(id), None) => Ok(Self::Conversation(id)),
            (None, Some(channel)) => Ok(Self::Channel(channel)),
            _ => Err(Problem::new(
                StatusCode::BAD_REQUEST,
                "malformed",
                "send either a conversation_id or a channel (feed or events)",
            )),
        }
    }

    /// Adds the topic to a frame.
    pub(super) fn add_to(self, frame: &mut Value) {
        match self {
            Self::Conversation(id) => frame["conversation_id"] = json!(id),
            Self::Channel(channel) => frame["channel"] = json!(channel),
        }
    }
}

/// A cursor: a position or an event id.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Cursor {
    Position(i64),
    Id(String),
}

impl Cursor {
    pub(super) fn into_text(self) -> String {
        match self {
            Self::Position(position) => position.to_string(),
            Self::Id(id) => id,
        }
    }
}
