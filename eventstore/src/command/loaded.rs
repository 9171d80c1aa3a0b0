//! A loaded aggregate, and its new events before they are sealed.

use cqrs_es::AggregateContext;
use domain::StoredAggregate;
use domain::codec::{self, CodecError};
use serde_json::Value;
use uuid::Uuid;

use crate::Clock;

/// Number of events between two snapshots.
const SNAPSHOT_INTERVAL: i64 = 1_000;

/// An aggregate and the version at which it was loaded.
#[derive(Debug)]
pub struct LoadedAggregate<A> {
    pub id: Uuid,
    pub aggregate: A,
    /// The sequence of its last event; 0 if there is none.
    pub version: i64,
    /// The version of its last snapshot, as far as this process knows; 0 if there is none.
    pub snapshot: i64,
}

impl<A: StoredAggregate> LoadedAggregate<A> {
    /// An aggregate without events.
    pub fn empty(id: Uuid) -> Self {
        Self {
            id,
            aggregate: A::default(),
            version: 0,
            snapshot: 0,
        }
    }

    /// Whether a new snapshot is due.
    pub(crate) fn is_due(&self) -> bool {
        A::SNAPSHOT_VERSION.is_some() && self.version - self.snapshot >= SNAPSHOT_INTERVAL
    }

    /// Numbers events after the version at which the aggregate was loaded, and gives them ids.
    pub fn stage(
        &self,
        events: &[A::Event],
        clock: &Clock,
    ) -> Result<Vec<StagedEvent>, CodecError> {
        let id = self.id.to_string();
        let scope = self.aggregate.scope(&id);
        let numbered = (self.version + 1..).zip(events);
        numbered
            .map(|(sequence, event)| {
                let (event_type, event_version, payload) = codec::encode(event)?;
                Ok(StagedEvent {
                    event_id: clock.new_id(),
                    aggregate_type: A::TYPE,
                    aggregate_id: id.clone(),
                    sequence,
                    scope: scope.clone(),
                    event_type,
                    event_version,
                    payload,
                })
            })
            .collect()
    }
}

impl<A: StoredAggregate> AggregateContext<A> for LoadedAggregate<A> {
    fn aggregate(&mut self) -> &mut A {
        &mut self.aggregate
    }
}

/// An event with its place in its aggregate, not yet sealed.
#[derive(Debug, Clone)]
pub struct StagedEvent {
    pub event_id: Uuid,
    pub aggregate_type: &'static str,
    pub aggregate_id: String,
    pub sequence: i64,
    pub scope: String,
    pub event_type: String,
    pub event_version: String,
    pub payload: Value,
}
