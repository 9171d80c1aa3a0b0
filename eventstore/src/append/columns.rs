//! Lays a batch out as the arguments of `append_events`.

use uuid::Uuid;

use super::{NewEvent, SideRows, Submission};

/// The array arguments of `append_events`.
#[derive(Default)]
pub(super) struct Columns<'a> {
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
    pub key_subjects: Vec<&'a str>,
    pub key_wrapped: Vec<&'a [u8]>,
    pub key_masters: Vec<&'a str>,
    pub reservation_kinds: Vec<&'a str>,
    pub reservation_macs: Vec<&'a [u8]>,
    pub reservation_owners: Vec<&'a str>,
    pub released_kinds: Vec<&'a str>,
    pub released_macs: Vec<&'a [u8]>,
    pub idempotency_principals: Vec<&'a str>,
    pub idempotency_operations: Vec<&'a str>,
    pub idempotency_names: Vec<&'a str>,
    pub idempotency_macs: Vec<&'a [u8]>,
    pub idempotency_commands: Vec<Uuid>,
    pub lease_runs: Vec<Uuid>,
    pub lease_owners: Vec<&'a str>,
}

impl<'a> Columns<'a> {
    pub fn from_batch(batch: &'a [Submission]) -> Self {
        let mut columns = Self::default();
        for submission in batch {
            submission
                .events
                .iter()
                .for_each(|event| columns.push_event(event));
            columns.push_rows(&submission.rows);
        }
        columns
    }

    fn push_event(&mut self, event: &'a NewEvent) {
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

    fn push_rows(&mut self, rows: &'a SideRows) {
        for key in &rows.keys {
            self.key_subjects.push(key.subject.as_str());
            self.key_wrapped.push(&key.wrapped);
            self.key_masters.push(&key.master);
        }
        for reservation in &rows.reservations {
            self.reservation_kinds.push(reservation.kind);
            self.reservation_macs.push(&reservation.mac);
            self.reservation_owners.push(&reservation.owner);
        }
        for reservation in &rows.released {
            self.released_kinds.push(reservation.kind);
            self.released_macs.push(&reservation.mac);
        }
        if let Some(row) = &rows.idempotency {
            self.idempotency_principals.push(&row.principal);
            self.idempotency_operations.push(&row.operation);
            self.idempotency_names.push(&row.key);
            self.idempotency_macs.push(&row.body_mac);
            self.idempotency_commands.push(row.command_id);
        }
        for (run, owner) in &rows.leases {
            self.lease_runs.push(*run);
            self.lease_owners.push(owner);
        }
    }
}
