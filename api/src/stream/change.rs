//! What an event means for followers of a conversation. Only its name and ids are used, so nothing is decrypted, and
//! unknown events are skipped.

use eventstore::log::RecordedEvent;
use serde::Deserialize;
use uuid::Uuid;

const CONVERSATION: &str = "conversation";
const RESPONSE: &str = "response";

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// A message was added, or its rating changed.
    Message(Uuid),
    /// A user has read up to a message.
    Read { user_id: Uuid, message_id: Uuid },
    /// The conversation itself, such as its title.
    Conversation,
    /// The conversation was erased.
    Erased,
    Run {
        id: Uuid,
        kind: &'static str,
        /// The number of the attempt, if the run has just started.
        attempt: Option<u32>,
        is_last: bool,
    },
}

/// The fields of payloads that are needed here. None of them is encrypted.
#[derive(Debug, Deserialize)]
struct Ids {
    message_id: Option<Uuid>,
    user_id: Option<Uuid>,
    attempt: Option<u32>,
}

impl Change {
    /// None for events that followers do not receive.
    pub(super) fn from_event(row: &RecordedEvent) -> Option<Self> {
        let name = row.event_type.as_str();
        if row.aggregate_type == CONVERSATION {
            return Self::from_conversation_event(name, row);
        }
        let id = Uuid::parse_str(&row.aggregate_id).ok()?;
        let (kind, is_last) = run_frame(name).filter(|_| row.aggregate_type == RESPONSE)?;
        let attempt = (!is_last).then(|| ids(row)?.attempt).flatten();
        Some(Self::Run {
            id,
            kind,
            attempt,
            is_last,
        })
    }

    fn from_conversation_event(name: &str, row: &RecordedEvent) -> Option<Self> {
        match name {
            "message_posted" | "message_imported" | "feedback_given" => {
                Some(Self::Message(ids(row)?.message_id?))
            }
            "read_marker_moved" => {
                let Ids {
                    message_id,
                    user_id,
                    ..
                } = ids(row)?;
                Some(Self::Read {
                    user_id: user_id?,
                    message_id: message_id?,
                })
            }
            "title_changed"
            | "assistant_chosen"
            | "conversation_pinned"
            | "conversation_unpinned"
            | "conversation_archived"
            | "conversation_unarchived"
            | "conversation_trashed"
            | "conversation_restored" => Some(Self::Conversation),
            "conversation_erased" => Some(Self::Erased),
            _ => None,
        }
    }
}

/// The frame of a run's event and whether it is the run's last.
fn run_frame(name: &str) -> Option<(&'static str, bool)> {
    match name {
        "response_started" => Some(("response.started", false)),
        "response_completed" => Some(("response.completed", true)),
        "response_failed" => Some(("response.failed", true)),
        "response_interrupted" => Some(("response.interrupted", true)),
        "response_cancelled" => Some(("response.cancelled", true)),
        _ => None,
    }
}

fn ids(row: &RecordedEvent) -> Option<Ids> {
    row.read_fields()
        .inspect_err(|error| {
            let position = row.position;
            tracing::warn!(position, %error, "cannot read the ids of an event; followers do not receive it");
        })
        .ok()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use chrono::Utc;
    use domain::codec::{EventType, StoredEvent};
    use domain::conversation::ConversationEvent;
    use domain::response::ResponseEvent;

    use super::*;

    /// Events that followers do not receive, with the reason.
    const SILENT: &[&str] = &[
        // Streams start after them.
        "conversation_started",
        "conversation_imported",
        // Followers receive the run that fills it.
        "answer_added",
        "response_requested",
        // Followers receive the end of the run.
        "cancellation_requested",
    ];

    fn row(aggregate_type: &str, event_type: &str, payload: &str) -> RecordedEvent {
        RecordedEvent {
            position: 7,
            event_id: Uuid::nil(),
            command_id: Uuid::nil(),
            aggregate_type: aggregate_type.to_owned(),
            aggregate_id: Uuid::nil().to_string(),
            sequence: 1,
            scope: Uuid::nil().to_string(),
            event_type: event_type.to_owned(),
            event_version: "1".to_owned(),
            metadata: "{}".to_owned(),
            payload: payload.to_owned(),
            recorded_at: Utc::now(),
            hash: vec![0; 32],
        }
    }

    /// Every new event must be handled or listed as silent.
    #[test]
    fn every_stored_event_is_handled_or_listed_as_silent() {
        let types = [
            (CONVERSATION, ConversationEvent::TYPES),
            (RESPONSE, ResponseEvent::TYPES),
        ];
        for (aggregate, names) in types {
            for EventType { name, .. } in names {
                let folder = concat!(
                    env!("CARGO_MANIFEST_DIR"),
                    "/../domain/tests/fixtures/events"
                );
                let file = Path::new(folder)
                    .join(aggregate)
                    .join(format!("{name}.v1.json"));
                let payload = std::fs::read_to_string(&file).expect("golden file");
                let change = Change::from_event(&row(aggregate, name, &payload));
                assert_eq!(change.is_none(), SILENT.contains(name), "{name}");
            }
        }
    }

    #[test]
    fn unknown_and_malformed_events_are_skipped() {
        let id = Uuid::from_u128(1);
        let message =
            format!(r#"{{"message_id": "{id}", "content": {{"$sealed": "of another key"}}}}"#);
        for (aggregate, name, payload, expected) in [
            (
                "conversation",
                "message_posted",
                message.as_str(),
                Some(Change::Message(id)),
            ),
            ("conversation", "message_posted", "{}", None),
            ("conversation", "message_posted", "no JSON", None),
            ("conversation", "message_translated", message.as_str(), None),
            ("response", "response_paused", "{}", None),
            ("document", "response_completed", "{}", None),
        ] {
            assert_eq!(
                Change::from_event(&row(aggregate, name, payload)),
                expected,
                "{name} {payload}"
            );
        }
    }
}
