//! What became of commands whose batch was refused as a whole, or whose connection was cut at the commit.

use std::collections::{HashMap, HashSet};

use sqlx::PgPool;
use uuid::Uuid;

use crate::append::{AppendError, Placed, Submission};

/// The end of one command.
pub(crate) enum Fate {
    /// Its own event ids stand in the log: an attempt had committed.
    Committed(Vec<Placed>),
    /// Somebody else stands where it wanted to.
    Lost(AppendError),
    /// Nothing of it is taken: it may be sent again.
    Open,
}

/// Asks once for everything that a batch names.
pub(crate) async fn ask(pool: &PgPool, batch: &[Submission]) -> Result<Vec<Fate>, sqlx::Error> {
    let taken = Taken {
        sequences: sequences(pool, batch).await?,
        reservations: reservations(pool, batch).await?,
        keys: keys(pool, batch).await?,
    };
    Ok(batch
        .iter()
        .map(|submission| taken.fate(submission))
        .collect())
}

type Sequence = (String, String, i64);

struct Taken {
    sequences: HashMap<Sequence, (Uuid, Placed)>,
    reservations: HashSet<(String, Vec<u8>)>,
    keys: HashSet<(String, String, String)>,
}

impl Taken {
    fn fate(&self, submission: &Submission) -> Fate {
        let mut own = Vec::new();
        for event in &submission.events {
            let place = (
                event.aggregate_type.to_owned(),
                event.aggregate_id.clone(),
                event.sequence,
            );
            match self.sequences.get(&place) {
                Some((id, placed)) if *id == event.event_id => own.push(placed.clone()),
                Some(_) => return Fate::Lost(AppendError::Conflict),
                None => {}
            }
        }
        // Of a command without events the log cannot tell: its further writes are done again.
        if !own.is_empty() && own.len() == submission.events.len() {
            return Fate::Committed(own);
        }
        if let Some(row) = &submission.rows.idempotency
            && self.keys.contains(&(
                row.principal.clone(),
                row.operation.clone(),
                row.key.clone(),
            ))
        {
            return Fate::Lost(AppendError::KeyTaken);
        }
        let reserved = submission.rows.reservations.iter().find(|row| {
            self.reservations
                .contains(&(row.kind.to_owned(), row.mac.clone()))
        });
        match reserved {
            Some(row) => Fate::Lost(AppendError::Reserved(row.kind)),
            None => Fate::Open,
        }
    }
}

async fn sequences(
    pool: &PgPool,
    batch: &[Submission],
) -> Result<HashMap<Sequence, (Uuid, Placed)>, sqlx::Error> {
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
            let placed = Placed {
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

async fn reservations(
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

async fn keys(
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
