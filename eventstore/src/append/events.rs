//! Lays the events of a batch out as the arguments of `append_events`.

use uuid::Uuid;

use super::{NewEvent, Submission};

/// The arrays of events, one for each column.
#[derive(Default)]
pub(super) struct EventColumns<'a> {
    pub event_ids: Vec<Uuid>,
    pub command_ids: Vec<Uuid>,
    pub aggregate_types: Vec<&'a str>,
    pub aggregate_ids: Vec<&'a str>,
    pub sequences: Vec<i64>,
    pub scopes: Vec<&'a str>,
    pub event_types: Vec<&'a str>,
    pub event_versions: Vec<&'a str>,
    pub metadatas: Vec<&'a str>,
    pub payloads: Vec<&'a str>,
    pub digests: Vec<&'a [u8]>,
}

impl<'a> EventColumns<'a> {
    pub(super) fn from_batch(batch: &'a [Submission]) -> Self {
        let mut columns = Self::default();
        for event in batch.iter().flat_map(|submission| &submission.events) {
            columns.push(event);
        }
        columns
    }

    fn push(&mut self, event: &'a NewEvent) {
        self.event_ids.push(event.event_id);
        self.command_ids.push(event.command_id);
        self.aggregate_types.push(event.aggregate_type);
        self.aggregate_ids.push(&event.aggregate_id);
        self.sequences.push(event.sequence);
        self.scopes.push(&event.scope);
        self.event_types.push(&event.event_type);
        self.event_versions.push(&event.event_version);
        self.metadatas.push(&event.metadata);
        self.payloads.push(&event.payload);
        self.digests.push(&event.digest);
    }
}
