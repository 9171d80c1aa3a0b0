//! Frames of streams.

use chrono::{DateTime, Utc};
use poem::web::sse::Event;
use poem_openapi::Object;
use poem_openapi::types::{Any, ToJSON};
use runtime::live::{Delta, DeltaKind, Snapshot};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::conversation::ConversationResource;
use crate::message::MessageResource;
use crate::response::ResponseResource;

/// A frame of a stream; in server-sent events `type` is the event's name, `id` its id and `data` its data.
#[derive(Debug, Clone, Object)]
#[oai(rename = "StreamFrame")]
pub struct Frame {
    #[oai(rename = "type")]
    pub kind: String,
    /// The id for `Last-Event-ID`; only on durable frames.
    pub id: Option<String>,
    pub data: Any<Value>,
}

impl Frame {
    pub(crate) fn new(kind: &str, id: Option<String>, data: Value) -> Self {
        Self {
            kind: kind.to_owned(),
            id,
            data: Any(data),
        }
    }

    /// A new message, or one whose rating changed.
    pub fn message(id: String, message: &MessageResource) -> Self {
        Self::new(
            "message.posted",
            Some(id),
            message.to_json().unwrap_or_default(),
        )
    }

    /// The conversation after a change, such as of its title.
    pub fn conversation(id: String, conversation: ConversationResource) -> Self {
        let data = conversation.to_json().unwrap_or_default();
        Self::new("conversation.changed", Some(id), data)
    }

    /// A user has read up to a message.
    pub fn read(
        id: String,
        (conversation_id, read_at): (Uuid, DateTime<Utc>),
        (user_id, message_id): (Uuid, Uuid),
    ) -> Self {
        let data = json!({
            "conversation_id": conversation_id, "user_id": user_id, "message_id": message_id, "read_at": read_at,
        });
        Self::new("read_marker.moved", Some(id), data)
    }

    pub fn run(
        kind: &str,
        id: String,
        response: &ResponseResource,
        message: &MessageResource,
    ) -> Self {
        let data = json!({
            "response_id": response.id,
            "response": response.to_json(),
            "message": message.to_json(),
        });
        Self::new(kind, Some(id), data)
    }

    pub fn delta(delta: &Delta) -> Self {
        let kind = match delta.kind {
            DeltaKind::Text => "text",
            DeltaKind::Reasoning => "reasoning",
        };
        let data = json!({
            "response_id": delta.response_id, "seq": delta.seq, "kind": kind, "part": 0, "text": &*delta.text,
        });
        Self::new("response.delta", None, data)
    }

    pub fn snapshot(snapshot: &Snapshot) -> Self {
        let data = json!({
            "response_id": snapshot.response_id, "seq": snapshot.seq, "text": snapshot.text,
            "reasoning": snapshot.reasoning,
        });
        Self::new("response.snapshot", None, data)
    }

    pub fn caught_up(id: String, position: i64) -> Self {
        Self::new("stream.caught_up", Some(id), json!({"position": position}))
    }

    pub fn reset() -> Self {
        Self::new(
            "stream.reset",
            None,
            json!({"reason": "the log does not have this cursor; read again from the start"}),
        )
    }

    pub fn closed(reason: &str) -> Self {
        Self::new("stream.closed", None, json!({"reason": reason}))
    }

    /// The frame as a server-sent event. The data is JSON on one line, so no text can break out of it.
    pub fn event(self) -> Event {
        let event = Event::message(self.data.0.to_string()).event_type(self.kind);
        match self.id {
            Some(id) => event.id(id),
            None => event,
        }
    }
}
