//! Converts events to stored text and back: the name is a column, the payload has only the fields.

use cqrs_es::{Aggregate, DomainEvent};
use serde_json::Value;

/// The tag that serde uses for a variant's name.
const TAG: &str = "event_type";
/// The event version that this code reads and writes.
const CURRENT: &str = "1";

/// Why an event could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum CodecError {
    #[error(
        "this version does not support event {event_type} of {aggregate_type} in version {version}; use a newer version"
    )]
    Unknown {
        aggregate_type: String,
        event_type: String,
        version: String,
    },
    #[error("cannot decode event {event_type}: {source}")]
    Unreadable {
        event_type: String,
        source: serde_json::Error,
    },
    #[error("cannot encode an event: {0}")]
    Unwritable(serde_json::Error),
}

/// The stored name, version and fields of an event.
pub fn encode<E: DomainEvent>(event: &E) -> Result<(String, String, Value), CodecError> {
    let mut payload = serde_json::to_value(event).map_err(CodecError::Unwritable)?;
    if let Some(fields) = payload.as_object_mut() {
        fields.remove(TAG);
    }
    Ok((event.event_type(), event.event_version(), payload))
}

/// An event of one aggregate from its stored parts.
pub fn decode<A: Aggregate>(
    event_type: &str,
    version: &str,
    mut payload: Value,
) -> Result<A::Event, CodecError> {
    if version != CURRENT {
        return Err(unknown(A::TYPE, event_type, version));
    }
    if let Some(fields) = payload.as_object_mut() {
        fields.insert(TAG.to_owned(), Value::String(event_type.to_owned()));
    }
    serde_json::from_value(payload).map_err(|source| CodecError::Unreadable {
        event_type: event_type.to_owned(),
        source,
    })
}

pub(crate) fn unknown(aggregate_type: &str, event_type: &str, version: &str) -> CodecError {
    CodecError::Unknown {
        aggregate_type: aggregate_type.to_owned(),
        event_type: event_type.to_owned(),
        version: version.to_owned(),
    }
}
