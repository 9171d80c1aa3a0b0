//! What clients send over a WebSocket.

use poem::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::problem::Problem;

/// One message of a client, by its `type`.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Asked {
    /// The first one, within five seconds.
    Auth {
        token: String,
    },
    /// Frames of a conversation or a channel, after an event id or a position, else from now.
    Subscribe {
        #[serde(default)]
        conversation_id: Option<Uuid>,
        #[serde(default)]
        channel: Option<Channel>,
        #[serde(default)]
        after: Option<After>,
    },
    Unsubscribe {
        #[serde(default)]
        conversation_id: Option<Uuid>,
        #[serde(default)]
        channel: Option<Channel>,
    },
    /// The person types; others who follow the conversation are told.
    Typing {
        conversation_id: Uuid,
    },
    /// The person has read up to a message.
    Read {
        message_id: Uuid,
    },
    Ping {},
}

/// Events that are followed beside conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Channel {
    /// What happens to what is one's own, as `GET feed` has it.
    Feed,
    /// The log, as `GET events/stream` has it. For administrators.
    Events,
}

/// What one connection follows, each once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Topic {
    Conversation(Uuid),
    Channel(Channel),
}

impl Topic {
    /// Of a message, which names one of the two.
    pub fn of(conversation_id: Option<Uuid>, channel: Option<Channel>) -> Result<Self, Problem> {
        match (conversation_id, channel) {
            (Some(id), None) => Ok(Self::Conversation(id)),
            (None, Some(channel)) => Ok(Self::Channel(channel)),
            _ => Err(Problem::new(
                StatusCode::BAD_REQUEST,
                "malformed",
                "name either a conversation_id or a channel, feed or events",
            )),
        }
    }

    /// Says in a frame what it belongs to.
    pub fn name_in(self, frame: &mut Value) {
        match self {
            Self::Conversation(id) => frame["conversation_id"] = json!(id),
            Self::Channel(channel) => frame["channel"] = json!(channel),
        }
    }
}

/// A cursor as clients have it.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum After {
    Position(i64),
    Id(String),
}

impl After {
    pub fn text(self) -> String {
        match self {
            Self::Position(position) => position.to_string(),
            Self::Id(id) => id,
        }
    }
}
