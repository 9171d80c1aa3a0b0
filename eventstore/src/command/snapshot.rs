//! Snapshots of long aggregates, which bound the cost of loading them.
//!
//! A snapshot is built from events read from the log, never from cached state, and is used only if its digest matches.
//! If it is missing, damaged or of another form, all events are folded, with the same result.

use domain::StoredAggregate;
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use uuid::Uuid;

use super::loaded::LoadedAggregate;

/// The last snapshot of an aggregate, if it is intact.
pub(crate) async fn find<A: StoredAggregate>(
    pool: &PgPool,
    id: Uuid,
) -> Result<Option<LoadedAggregate<A>>, sqlx::Error> {
    let Some(form) = A::SNAPSHOT_VERSION else {
        return Ok(None);
    };
    let row = sqlx::query!(
        "select sequence, state, digest from snapshots
         where aggregate_type = $1 and aggregate_id = $2 and form = $3",
        A::TYPE,
        id.to_string(),
        form
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let is_intact = Sha256::digest(&row.state).as_slice() == row.digest;
    let aggregate = is_intact
        .then(|| postcard::from_bytes(&row.state).ok())
        .flatten();
    if aggregate.is_none() {
        tracing::warn!(aggregate = A::TYPE, %id, "a snapshot is damaged; rebuilding the aggregate from its events");
    }
    Ok(aggregate.map(|aggregate| LoadedAggregate {
        id,
        aggregate,
        version: row.sequence,
        snapshot: row.sequence,
    }))
}

/// Saves the state of an aggregate that was just loaded. Failures are only logged: a snapshot is an optimisation.
pub(crate) async fn save<A: StoredAggregate>(pool: &PgPool, loaded: &mut LoadedAggregate<A>) {
    let Some(form) = A::SNAPSHOT_VERSION else {
        return;
    };
    // Also after a failure, the next attempt is one interval away.
    loaded.snapshot = loaded.version;
    let state = match postcard::to_allocvec(&loaded.aggregate) {
        Ok(state) => state,
        Err(error) => {
            tracing::warn!(aggregate = A::TYPE, %error, "failed to encode a snapshot; loading stays slow");
            return;
        }
    };
    let digest = Sha256::digest(&state);
    let saved = sqlx::query!(
        "insert into snapshots (aggregate_type, aggregate_id, form, sequence, state, digest)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (aggregate_type, aggregate_id) do update
         set form = excluded.form, sequence = excluded.sequence, state = excluded.state, digest = excluded.digest",
        A::TYPE,
        loaded.id.to_string(),
        form,
        loaded.version,
        &state,
        digest.as_slice()
    )
    .execute(pool)
    .await;
    if let Err(error) = saved {
        tracing::warn!(aggregate = A::TYPE, %error, "failed to save a snapshot; loading stays slow");
    }
}
