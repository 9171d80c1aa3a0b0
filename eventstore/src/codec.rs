//! Converts events to stored text and back: the name is a column, the payload has only the fields.

use cqrs_es::{Aggregate, DomainEvent};
use domain::document::Document;
use domain::file::File;
use domain::group::Group;
use domain::installation::Installation;
use domain::knowledge::KnowledgeBase;
use domain::provider::Provider;
use domain::{Event, StoredAggregate};
use domain::{assistant::Assistant, conversation::Conversation, response::Response, user::User};
use serde_json::Value;

/// The tag that serde uses for a variant's name.
const TAG: &str = "event_type";
/// The event version that this code reads and writes.
const CURRENT: &str = "1";

/// The types of aggregates that the log holds.
pub(crate) const AGGREGATES: [&str; 10] = [
    User::TYPE,
    Assistant::TYPE,
    Conversation::TYPE,
    Response::TYPE,
    Provider::TYPE,
    File::TYPE,
    KnowledgeBase::TYPE,
    Document::TYPE,
    Group::TYPE,
    Installation::TYPE,
];

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
pub fn decode<A: StoredAggregate>(
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

/// An event of any aggregate from its stored parts.
pub fn decode_any(
    aggregate_type: &str,
    event_type: &str,
    version: &str,
    payload: Value,
) -> Result<Event, CodecError> {
    fn typed<A: StoredAggregate>(
        event: &str,
        version: &str,
        payload: Value,
    ) -> Result<Event, CodecError> {
        decode::<A>(event, version, payload).map(A::wrap_event)
    }
    use cqrs_es::Aggregate;
    match aggregate_type {
        User::TYPE => typed::<User>(event_type, version, payload),
        Assistant::TYPE => typed::<Assistant>(event_type, version, payload),
        Conversation::TYPE => typed::<Conversation>(event_type, version, payload),
        Response::TYPE => typed::<Response>(event_type, version, payload),
        Provider::TYPE => typed::<Provider>(event_type, version, payload),
        File::TYPE => typed::<File>(event_type, version, payload),
        KnowledgeBase::TYPE => typed::<KnowledgeBase>(event_type, version, payload),
        Document::TYPE => typed::<Document>(event_type, version, payload),
        Group::TYPE => typed::<Group>(event_type, version, payload),
        Installation::TYPE => typed::<Installation>(event_type, version, payload),
        _ => Err(unknown(aggregate_type, event_type, version)),
    }
}

fn unknown(aggregate_type: &str, event_type: &str, version: &str) -> CodecError {
    CodecError::Unknown {
        aggregate_type: aggregate_type.to_owned(),
        event_type: event_type.to_owned(),
        version: version.to_owned(),
    }
}
