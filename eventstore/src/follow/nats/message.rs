//! An event as a NATS message: a `CloudEvent` in binary mode whose body is the line that `events export` writes.

use async_nats::HeaderMap;
use async_nats::header::{NATS_EXPECTED_LAST_SEQUENCE, NATS_MESSAGE_ID};
use serde::Deserialize;
use uuid::Uuid;

use crate::log::RecordedEvent;

const SOURCE: &str = "ce-source";

/// The subject of an event.
pub(super) fn subject(event: &RecordedEvent) -> String {
    format!(
        "convosphere.events.{}.{}",
        event.aggregate_type, event.event_type
    )
}

/// The headers of an event. The expected sequence fences off a relay that has lost leadership without noticing.
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

/// The position that a message of this log claims. Only a hint: messages can be forged.
pub(super) fn position(log_id: Uuid, headers: Option<&HeaderMap>, body: &[u8]) -> Option<i64> {
    #[derive(Deserialize)]
    struct Location {
        position: i64,
    }
    check_source(log_id, headers)?;
    let place: Location = serde_json::from_slice(body).ok()?;
    Some(place.position)
}

/// The event that a message of this log claims. Compare it with the log before trusting it.
pub(super) fn event(
    log_id: Uuid,
    headers: Option<&HeaderMap>,
    body: &[u8],
) -> Option<RecordedEvent> {
    check_source(log_id, headers)?;
    RecordedEvent::from_line(&serde_json::from_slice(body).ok()?)
}

fn check_source(log_id: Uuid, headers: Option<&HeaderMap>) -> Option<()> {
    let from = headers?.get(SOURCE)?;
    (from.as_str() == source(log_id)).then_some(())
}
