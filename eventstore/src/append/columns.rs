//! A batch as the arrays of the database function.

use uuid::Uuid;

use super::{NewEvent, Rows, Submission};

/// A batch as the arrays of `append_events`.
#[derive(Default)]
pub(super) struct Columns {
    pub event_ids: Vec<Uuid>,
    pub command_ids: Vec<Uuid>,
    pub aggregate_types: Vec<String>,
    pub aggregate_ids: Vec<String>,
    pub sequences: Vec<i64>,
    pub scopes: Vec<String>,
    pub event_types: Vec<String>,
    pub event_versions: Vec<String>,
    pub metadatas: Vec<String>,
    pub payloads: Vec<String>,
    pub digests: Vec<Vec<u8>>,
    pub key_subjects: Vec<String>,
    pub key_wrapped: Vec<Vec<u8>>,
    pub key_masters: Vec<String>,
    pub reservation_kinds: Vec<String>,
    pub reservation_macs: Vec<Vec<u8>>,
    pub reservation_owners: Vec<String>,
    pub released_kinds: Vec<String>,
    pub released_macs: Vec<Vec<u8>>,
    pub idempotency_principals: Vec<String>,
    pub idempotency_operations: Vec<String>,
    pub idempotency_names: Vec<String>,
    pub idempotency_macs: Vec<Vec<u8>>,
    pub idempotency_commands: Vec<Uuid>,
    pub lease_runs: Vec<Uuid>,
    pub lease_owners: Vec<String>,
}

impl Columns {
    pub fn of(batch: &[Submission]) -> Self {
        let mut columns = Self::default();
        for submission in batch {
            submission
                .events
                .iter()
                .for_each(|event| columns.event(event));
            columns.rows(&submission.rows);
        }
        columns
    }

    fn event(&mut self, event: &NewEvent) {
        self.event_ids.push(event.event_id);
        self.command_ids.push(event.command_id);
        self.aggregate_types.push(event.aggregate_type.to_owned());
        self.aggregate_ids.push(event.aggregate_id.clone());
        self.sequences.push(event.sequence);
        self.scopes.push(event.scope.clone());
        self.event_types.push(event.event_type.clone());
        self.event_versions.push(event.event_version.clone());
        self.metadatas.push(event.metadata.clone());
        self.payloads.push(event.payload.clone());
        self.digests.push(event.digest.to_vec());
    }

    fn rows(&mut self, rows: &Rows) {
        for key in &rows.keys {
            self.key_subjects.push(key.subject.as_str().to_owned());
            self.key_wrapped.push(key.wrapped.clone());
            self.key_masters.push(key.master.clone());
        }
        for reservation in &rows.reservations {
            self.reservation_kinds.push(reservation.kind.to_owned());
            self.reservation_macs.push(reservation.mac.clone());
            self.reservation_owners.push(reservation.owner.clone());
        }
        for reservation in &rows.released {
            self.released_kinds.push(reservation.kind.to_owned());
            self.released_macs.push(reservation.mac.clone());
        }
        if let Some(row) = &rows.idempotency {
            self.idempotency_principals.push(row.principal.clone());
            self.idempotency_operations.push(row.operation.clone());
            self.idempotency_names.push(row.key.clone());
            self.idempotency_macs.push(row.body_mac.clone());
            self.idempotency_commands.push(row.command_id);
        }
        for (run, owner) in &rows.leases {
            self.lease_runs.push(*run);
            self.lease_owners.push(owner.clone());
        }
    }
}
