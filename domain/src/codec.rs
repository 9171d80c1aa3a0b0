//! Converts events to stored text and back: name and version are columns, the payload has only the fields.

use cqrs_es::{Aggregate, DomainEvent};
use serde_json::{Map, Value};

/// The tag that serde uses for a variant's name.
const TAG: &str = "event_type";

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

/// Changes the fields of one version of an event to those of the next. It may move a personal field as a whole, but not
/// look into it: when an aggregate is loaded, the field is still sealed.
pub type Upcaster = fn(&mut Map<String, Value>);

/// A type of event, as the log stores it.
#[derive(Debug)]
pub struct EventType {
    /// The stored name.
    pub name: &'static str,
    /// One for each earlier version, from version 1.
    pub upcasters: &'static [Upcaster],
    /// Fields that readers of the feed do not get.
    pub withheld: &'static [&'static str],
}

impl EventType {
    /// The version that is written.
    pub fn version(&self) -> usize {
        self.upcasters.len() + 1
    }

    /// Changes the payload of a stored version to the current one; `false` if there is no such version.
    pub fn upcast(&self, version: &str, payload: &mut Value) -> bool {
        let mut versions = 1..=self.version();
        let Some(stored) = versions.find(|number| number.to_string() == version) else {
            return false;
        };
        if let Some(fields) = payload.as_object_mut() {
            for upcaster in &self.upcasters[stored - 1..] {
                upcaster(fields);
            }
        }
        true
    }
}

/// The events of an aggregate, as the log stores them.
pub trait StoredEvent: DomainEvent {
    const TYPES: &'static [EventType];
}

/// Implements [`StoredEvent`] for an event enum: maps each variant to its stored name. `upcast` lists what changes the
/// fields of earlier versions, from version 1; `withhold` names the fields that readers of the feed do not get.
macro_rules! stored_events {
    ($event:ident { $(
        $variant:ident => $name:literal
        $(upcast [$($upcaster:ident),+])?
        $(withhold [$($field:ident),+])?
    ),+ $(,)? }) => {
        impl cqrs_es::DomainEvent for $event {
            fn event_type(&self) -> String {
                match self {
                    $(Self::$variant { $($($field: _,)+)? .. } => $name.to_owned(),)+
                }
            }

            fn event_version(&self) -> String {
                let earlier = match self {
                    $(Self::$variant { .. } => <[&str]>::len(&[$($(stringify!($upcaster)),+)?]),)+
                };
                (earlier + 1).to_string()
            }
        }

        impl $crate::codec::StoredEvent for $event {
            const TYPES: &'static [$crate::codec::EventType] = &[$($crate::codec::EventType {
                name: $name,
                upcasters: &[$($($upcaster),+)?],
                withheld: &[$($(stringify!($field)),+)?],
            }),+];
        }
    };
}
pub(crate) use stored_events;

/// The stored name, version and fields of an event.
pub fn encode<E: DomainEvent>(event: &E) -> Result<(String, String, Value), CodecError> {
    let mut payload = serde_json::to_value(event).map_err(CodecError::Unwritable)?;
    if let Some(fields) = payload.as_object_mut() {
        fields.remove(TAG);
    }
    Ok((event.event_type(), event.event_version(), payload))
}

/// An event of one aggregate from its stored parts.
pub fn decode<A: Aggregate<Event: StoredEvent>>(
    event_type: &str,
    version: &str,
    mut payload: Value,
) -> Result<A::Event, CodecError> {
    let known = A::Event::TYPES
        .iter()
        .find(|known| known.name == event_type);
    if !known.is_some_and(|known| known.upcast(version, &mut payload)) {
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

/// Renames a field; nothing happens if it is absent.
pub(crate) fn rename(fields: &mut Map<String, Value>, from: &str, to: &str) {
    if let Some(value) = fields.remove(from) {
        fields.insert(to.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// An event in its third version: text, then lines, then words.
    const EDITED: EventType = EventType {
        name: "edited",
        upcasters: &[
            |fields| rename(fields, "text", "lines"),
            |fields| rename(fields, "lines", "words"),
        ],
        withheld: &[],
    };

    #[test]
    fn every_known_version_is_upcast_in_order() {
        let sealed = json!({"$sealed": {"v": 1, "k": ["user:1"], "n": "n", "c": "c"}});
        for (version, field) in [("1", "text"), ("2", "lines"), ("3", "words")] {
            let mut payload = json!({field: sealed, "at": 1});
            assert!(EDITED.upcast(version, &mut payload));
            assert_eq!(payload, json!({"words": sealed, "at": 1}), "{version}");
            // The current version does not change any more.
            let current = payload.clone();
            assert!(EDITED.upcast("3", &mut payload));
            assert_eq!(payload, current);
        }
    }

    #[test]
    fn a_version_that_never_existed_is_refused_and_unchanged() {
        for version in ["0", "4", "01", "+1", "-1", "", "x"] {
            let mut payload = json!({"text": 1});
            assert!(!EDITED.upcast(version, &mut payload), "{version}");
            assert_eq!(payload, json!({"text": 1}));
        }
    }

    #[test]
    fn an_unknown_event_or_version_is_a_clear_error() {
        use crate::group::Group;

        for (event_type, version) in [("group_created", "3"), ("group_moved", "1")] {
            let error = decode::<Group>(event_type, version, json!({})).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!(
                    "this version does not support event {event_type} of group in version {version}; use a newer version"
                )
            );
        }
    }
}
