//! Looks up which commands of a failed batch were committed.

use std::collections::{HashMap, HashSet};

use sqlx::PgPool;
use uuid::Uuid;

use super::{AppendError, IdempotencyRow, Placement, Reservation, SideRow, Submission};

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
    reservations: HashSet<ReservationKey>,
    keys: HashSet<RequestKey>,
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
        // The log cannot tell about a command without events: its side writes are repeated.
        if !own.is_empty() && own.len() == submission.events.len() {
            return CommitOutcome::Committed(own);
        }
        let taken = submission.rows.iter().find_map(|row| match row {
            SideRow::IdempotencyKey(row) if self.keys.contains(&key(row)) => {
                Some(AppendError::KeyTaken)
            }
            SideRow::Reservation(row) if self.reservations.contains(&reservation(row)) => {
                Some(AppendError::Reserved(row.kind))
            }
            _ => None,
        });
        taken.map_or(CommitOutcome::NotCommitted, CommitOutcome::Rejected)
    }
}

type ReservationKey = (String, Vec<u8>);

fn reservation(row: &Reservation) -> ReservationKey {
    (row.kind.to_owned(), row.mac.clone())
}

type RequestKey = (String, String, String);

fn key(row: &IdempotencyRow) -> RequestKey {
    (
        row.principal.clone(),
        row.operation.clone(),
        row.key.clone(),
    )
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
) -> Result<HashSet<ReservationKey>, sqlx::Error> {
    let rows = side_rows(batch).filter_map(|row| match row {
        SideRow::Reservation(row) => Some(reservation(row)),
        _ => None,
    });
    let (kinds, macs): (Vec<String>, Vec<Vec<u8>>) = rows.unzip();
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
) -> Result<HashSet<RequestKey>, sqlx::Error> {
    let rows: Vec<RequestKey> = side_rows(batch)
        .filter_map(|row| match row {
            SideRow::IdempotencyKey(row) => Some(key(row)),
            _ => None,
        })
        .collect();
    let principals: Vec<&str> = rows.iter().map(|row| row.0.as_str()).collect();
    let operations: Vec<&str> = rows.iter().map(|row| row.1.as_str()).collect();
    let names: Vec<&str> = rows.iter().map(|row| row.2.as_str()).collect();
    let found = sqlx::query!(
        "select principal, operation, key from idempotency_keys
         join unnest($1::text[], $2::text[], $3::text[]) as x (principal, operation, key)
         using (principal, operation, key)",
        &principals as &[&str],
        &operations as &[&str],
        &names as &[&str]
    )
    .fetch_all(pool)
    .await?;
    Ok(found
        .into_iter()
        .map(|row| (row.principal, row.operation, row.key))
        .collect())
}

fn side_rows(batch: &[Submission]) -> impl Iterator<Item = &SideRow> {
    batch.iter().flat_map(|submission| &submission.rows)
}
