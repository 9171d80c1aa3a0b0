//! What clients send over a WebSocket.

use serde::Deserialize;
use uuid::Uuid;

/// One message of a client, by its `type`.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Asked {
    /// The first one, within five seconds.
    Auth {
        token: String,
    },
    /// Frames of a conversation, after an event id or a position, else from now.
    Subscribe {
        conversation_id: Uuid,
        #[serde(default)]
        after: Option<After>,
    },
    Unsubscribe {
        conversation_id: Uuid,
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
