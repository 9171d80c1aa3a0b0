//! Looks up which commands of a failed batch were committed.

use std::collections::{HashMap, HashSet};

use sqlx::PgPool;
use uuid::Uuid;

use crate::append::{AppendError, Placement, Submission};

/// The outcome of one command.
pub(crate) enum CommitOutcome {
    /// The log has its event ids: an earlier attempt was committed.
    Committed(Vec<Placement>),
    /// Another command holds a sequence, value or key that it needs.
    Rejected(AppendError),
    /// Nothing conflicts with it: it can be resent.
    NotCommitted,
}

/// Loads the outcomes of all commands of a batch.
pub(crate) async fn load(
    pool: &PgPool,
    batch: &[Submission],
) -> Result<Vec<CommitOutcome>, sqlx::Error> {
    let existing = ExistingRows {
        sequences: load_sequences(pool, batch).await?,
        reservations: load_reservations(pool, batch).await?,
        keys: load_keys(pool, batch).await?,
    };
    Ok(batch
        .iter()
        .map(|submission| existing.resolve(submission))
        .collect())
}

type Sequence = (String, String, i64);

struct ExistingRows {
    sequences: HashMap<Sequence, (Uuid, Placement)>,
    reservations: HashSet<(String, Vec<u8>)>,
    keys: HashSet<(String, String, String)>,
}

impl ExistingRows {
    fn resolve(&self, submission: &Submission) -> CommitOutcome {
        let mut own = Vec::new();
        for event in &submission.events {
            let place = (
                event.aggregate_type.to_owned(),
                event.aggregate_id.clone(),
                event.sequence,
            );
            match self.sequences.get(&place) {
                Some((id, placed)) if *id == event.event_id => own.push(placed.clone()),
                Some(_) => return CommitOutcome::Rejected(AppendError::Conflict),
                None => {}
            }
        }
        // The log cannot tell about a command without events: its additional writes are repeated.
        if !own.is_empty() && own.len() == submission.events.len() {
            return CommitOutcome::Committed(own);
        }
        if let Some(row) = &submission.rows.idempotency
            && self.keys.contains(&(
                row.principal.clone(),
                row.operation.clone(),
                row.key.clone(),
            ))
        {
            return CommitOutcome::Rejected(AppendError::KeyTaken);
        }
        let reserved = submission.rows.reservations.iter().find(|row| {
            self.reservations
                .contains(&(row.kind.to_owned(), row.mac.clone()))
        });
        match reserved {
            Some(row) => CommitOutcome::Rejected(AppendError::Reserved(row.kind)),
            None => CommitOutcome::NotCommitted,
        }
    }
}

async fn load_sequences(
    pool: &PgPool,
    batch: &[Submission],
) -> Result<HashMap<Sequence, (Uuid, Placement)>, sqlx::Error> {
    let events = || batch.iter().flat_map(|submission| &submission.events);
    let types: Vec<String> = events().map(|e| e.aggregate_type.to_owned()).collect();
    let ids: Vec<String> = events().map(|e| e.aggregate_id.clone()).collect();
    let numbers: Vec<i64> = events().map(|e| e.sequence).collect();
    let rows = sqlx::query!(
        "select e.aggregate_type, e.aggregate_id, e.sequence, e.event_id, e.position, e.recorded_at, e.hash
         from events e join unnest($1::text[], $2::text[], $3::bigint[]) as x (aggregate_type, aggregate_id, sequence)
         using (aggregate_type, aggregate_id, sequence)",
        &types,
        &ids,
        &numbers
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let placed = Placement {
                position: row.position,
                recorded_at: row.recorded_at,
                hash: row.hash,
            };
            (
                (row.aggregate_type, row.aggregate_id, row.sequence),
                (row.event_id, placed),
            )
        })
        .collect())
}

async fn load_reservations(
    pool: &PgPool,
    batch: &[Submission],
) -> Result<HashSet<(String, Vec<u8>)>, sqlx::Error> {
    let rows = || {
        batch
            .iter()
            .flat_map(|submission| &submission.rows.reservations)
    };
    let kinds: Vec<String> = rows().map(|row| row.kind.to_owned()).collect();
    let macs: Vec<Vec<u8>> = rows().map(|row| row.mac.clone()).collect();
    let found = sqlx::query!(
        "select kind, mac from reservations join unnest($1::text[], $2::bytea[]) as x (kind, mac) using (kind, mac)",
        &kinds,
        &macs
    )
    .fetch_all(pool)
    .await?;
    Ok(found.into_iter().map(|row| (row.kind, row.mac)).collect())
}

async fn load_keys(
    pool: &PgPool,
    batch: &[Submission],
) -> Result<HashSet<(String, String, String)>, sqlx::Error> {
    let rows = || {
        batch
            .iter()
            .filter_map(|submission| submission.rows.idempotency.as_ref())
    };
    let principals: Vec<String> = rows().map(|row| row.principal.clone()).collect();
    let operations: Vec<String> = rows().map(|row| row.operation.clone()).collect();
    let names: Vec<String> = rows().map(|row| row.key.clone()).collect();
    let found = sqlx::query!(
        "select principal, operation, key from idempotency_keys
         join unnest($1::text[], $2::text[], $3::text[]) as x (principal, operation, key)
         using (principal, operation, key)",
        &principals,
        &operations,
        &names
    )
    .fetch_all(pool)
    .await?;
    Ok(found
        .into_iter()
        .map(|row| (row.principal, row.operation, row.key))
        .collect())
}
