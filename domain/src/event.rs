//! How the log stores aggregates.

use cqrs_es::Aggregate;

use crate::refusal::Refusal;
use crate::register::Event;

/// An aggregate that the log can store.
pub trait StoredAggregate:
    Aggregate<Services = (), Command: Clone + Send + Sync, Event: Into<Event>, Error: Refusal>
{
    /// Whether creating an instance also creates a data key for the subject `<type>:<id>`.
    const OWNS_KEY: bool;

    /// Version of the snapshot format, for aggregates with histories long enough to need snapshots. Raise it when the
    /// aggregate's fields change; older snapshots are then ignored.
    const SNAPSHOT_VERSION: Option<i32> = None;

    /// Approximate size of an instance in bytes, for the cache.
    fn weight(&self) -> usize {
        512
    }

    /// The id of the stream of its events: its own, or that of the object it belongs to.
    fn scope(&self, id: &str) -> String {
        id.to_owned()
    }
}

/// Implements `DomainEvent` for an event enum: maps each variant to its stored name. All events have version 1.
macro_rules! stored_events {
    ($event:ident { $($variant:ident => $name:literal),+ $(,)? }) => {
        impl cqrs_es::DomainEvent for $event {
            fn event_type(&self) -> String {
                match self {
                    $(Self::$variant { .. } => $name.to_owned(),)+
                }
            }

            fn event_version(&self) -> String {
                "1".to_owned()
            }
        }

        impl $event {
            /// The stored names of all variants.
            pub const TYPES: &'static [&'static str] = &[$($name),+];
        }
    };
}
pub(crate) use stored_events;
