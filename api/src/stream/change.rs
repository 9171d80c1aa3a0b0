//! What an event of the log means to those who follow a conversation, by its name and the ids in it: nothing is
//! decrypted, and an event that this version does not know is passed over.

use eventstore::log::RecordedEvent;
use serde::Deserialize;
use uuid::Uuid;

const CONVERSATION: &str = "conversation";
const RESPONSE: &str = "response";

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// A message came, or its rating is another one.
    Message(Uuid),
    /// Somebody has read up to a message.
    Read { user_id: Uuid, message_id: Uuid },
    /// What a list shows of the conversation.
    Conversation,
    /// The conversation is gone.
    Erased,
    Run {
        id: Uuid,
        kind: &'static str,
        /// Where it has just begun: which try of it this is.
        attempt: Option<u32>,
        is_last: bool,
    },
}

/// The fields of payloads that are needed here. None of them is sealed.
#[derive(Debug, Deserialize)]
struct Ids {
    message_id: Option<Uuid>,
    user_id: Option<Uuid>,
    attempt: Option<u32>,
}

impl Change {
    /// None for what followers are not told of.
    pub fn of(row: &RecordedEvent) -> Option<Self> {
        let name = row.event_type.as_str();
        if row.aggregate_type == CONVERSATION {
            return Self::of_conversation(name, row);
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

    fn of_conversation(name: &str, row: &RecordedEvent) -> Option<Self> {
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
    serde_json::from_str(&row.payload)
        .inspect_err(|error| {
            let position = row.position;
            tracing::warn!(position, %error, "an event names no ids: its followers are not told of it");
        })
        .ok()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use chrono::Utc;
    use domain::conversation::ConversationEvent;
    use domain::response::ResponseEvent;

    use super::*;

    /// Events that followers are not told of, each for a reason.
    const SILENT: &[&str] = &[
        // A stream begins after them.
        "conversation_started",
        "conversation_imported",
        // The run that fills it is told of.
        "answer_added",
        "response_requested",
        // Its end is told of.
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

    /// A new event must be told of, or be named as silent: nobody forgets one.
    #[test]
    fn every_event_as_it_is_stored_is_told_of_or_silent_on_purpose() {
        let types = [
            (CONVERSATION, ConversationEvent::TYPES),
            (RESPONSE, ResponseEvent::TYPES),
        ];
        for (aggregate, names) in types {
            for name in names {
                let folder = concat!(
                    env!("CARGO_MANIFEST_DIR"),
                    "/../domain/tests/fixtures/events"
                );
                let file = Path::new(folder)
                    .join(aggregate)
                    .join(format!("{name}.v1.json"));
                let payload = std::fs::read_to_string(&file).expect("its golden file");
                let change = Change::of(&row(aggregate, name, &payload));
                assert_eq!(change.is_none(), SILENT.contains(name), "{name}");
            }
        }
    }

    #[test]
    fn unknown_and_broken_events_are_passed_over() {
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
                Change::of(&row(aggregate, name, payload)),
                expected,
                "{name} {payload}"
            );
        }
    }
}
