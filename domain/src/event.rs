//! How the log stores aggregates.

use cqrs_es::Aggregate;

use crate::codec::StoredEvent;
use crate::refusal::Refusal;
use crate::{Command, Event};

/// An aggregate that the log can store.
pub trait StoredAggregate:
    Aggregate<
        Services = (),
        Command: Command<Self> + Clone + Send + Sync,
        Event: Into<Event> + StoredEvent,
        Error: Refusal,
    > + 'static
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

/// An aggregate whose data key can be destroyed, which ends it.
pub trait Erasable: StoredAggregate {
    /// The stored name of the event that records its end.
    const ENDED_BY: &'static str;

    /// The command with which the installation itself ends it, whoever owns it.
    fn erasure() -> Self::Command;
}
