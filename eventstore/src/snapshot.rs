//! States of long aggregates, so that loading one costs the same however much has happened to it.
//!
//! A snapshot is made of events that were read from the log, never of what a process remembers, and is believed only
//! whole: without it, or with one that is damaged or of another form, all events are folded and the state is the same.

use domain::Recorded;
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use uuid::Uuid;

use crate::store::Loaded;

/// Events after which an aggregate gets a new snapshot.
pub(crate) const STRETCH: i64 = 1_000;

/// The last snapshot of an aggregate, where there is one that can be believed.
pub(crate) async fn find<A: Recorded>(
    pool: &PgPool,
    id: Uuid,
) -> Result<Option<Loaded<A>>, sqlx::Error> {
    let Some(form) = A::SNAPSHOT_FORM else {
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
    let whole = Sha256::digest(&row.state).as_slice() == row.digest;
    let aggregate = whole
        .then(|| postcard::from_bytes(&row.state).ok())
        .flatten();
    if aggregate.is_none() {
        tracing::warn!(aggregate = A::TYPE, %id, "a snapshot is damaged: its events are folded anew");
    }
    Ok(aggregate.map(|aggregate| Loaded {
        id,
        aggregate,
        version: row.sequence,
        snapshot: row.sequence,
    }))
}

/// Keeps the state of an aggregate as it was just loaded. It is a help and no more: that it failed harms nobody.
pub(crate) async fn keep<A: Recorded>(pool: &PgPool, loaded: &mut Loaded<A>) {
    let Some(form) = A::SNAPSHOT_FORM else {
        return;
    };
    // Whatever comes of it, the next try is a stretch away.
    loaded.snapshot = loaded.version;
    let state = match postcard::to_allocvec(&loaded.aggregate) {
        Ok(state) => state,
        Err(error) => {
            tracing::warn!(aggregate = A::TYPE, %error, "a snapshot could not be written");
            return;
        }
    };
    let digest = Sha256::digest(&state);
    let kept = sqlx::query!(
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
    if let Err(error) = kept {
        tracing::warn!(aggregate = A::TYPE, %error, "a snapshot was not kept");
    }
}
