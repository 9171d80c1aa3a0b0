//! An event on the wire: a `CloudEvent` in binary mode whose body is the line that `events export` writes.

use async_nats::HeaderMap;
use async_nats::header::{NATS_EXPECTED_LAST_SEQUENCE, NATS_MESSAGE_ID};
use serde::Deserialize;
use uuid::Uuid;

use crate::log::RecordedEvent;

const SOURCE: &str = "ce-source";

/// Where an event is published.
pub(super) fn subject(event: &RecordedEvent) -> String {
    format!(
        "convosphere.events.{}.{}",
        event.aggregate_type, event.event_type
    )
}

/// Its headers; published only right after the given sequence of the stream, so that a relay that has lost its lead
/// without knowing it publishes nothing.
pub(super) fn headers(log_id: Uuid, event: &RecordedEvent, after: u64) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(NATS_MESSAGE_ID, event.event_id.to_string());
    headers.insert(NATS_EXPECTED_LAST_SEQUENCE, after.to_string());
    headers.insert("ce-specversion", "1.0");
    headers.insert("ce-id", event.event_id.to_string());
    headers.insert(SOURCE, source(log_id));
    headers.insert(
        "ce-type",
        format!("convosphere.{}.{}", event.aggregate_type, event.event_type),
    );
    headers.insert("ce-subject", event.aggregate_id.as_str());
    headers.insert("ce-time", event.recorded_at.to_rfc3339());
    headers.insert("content-type", "application/json");
    headers
}

fn source(log_id: Uuid) -> String {
    format!("/convosphere/{log_id}")
}

/// Where a message says that its event is, where it says that it is of this log. A hint: anybody may have written it.
pub(super) fn position(log_id: Uuid, headers: Option<&HeaderMap>, body: &[u8]) -> Option<i64> {
    #[derive(Deserialize)]
    struct Place {
        position: i64,
    }
    is_of(log_id, headers)?;
    let place: Place = serde_json::from_slice(body).ok()?;
    Some(place.position)
}

/// The event of a message, where it says that it is of this log. What the log itself does not say is not believed.
pub(super) fn event(
    log_id: Uuid,
    headers: Option<&HeaderMap>,
    body: &[u8],
) -> Option<RecordedEvent> {
    is_of(log_id, headers)?;
    RecordedEvent::from_line(&serde_json::from_slice(body).ok()?)
}

fn is_of(log_id: Uuid, headers: Option<&HeaderMap>) -> Option<()> {
    let from = headers?.get(SOURCE)?;
    (from.as_str() == source(log_id)).then_some(())
}
