//! Rebuilds a view next to the one that is served, and computes the digest that proves both equal.

mod shadow;
mod status;

use std::time::Duration;

use eventstore::log::LogError;
use sqlx::{Connection, PgConnection, PgPool};

use crate::projector::{
    Batch, EventSource, Projector, apply_or_park, is_lock_timeout, lock, read_batch,
    save_checkpoint,
};
use shadow::Shadow;

pub use status::{ProjectionStatus, digest, list_status};

const PAGE_SIZE: i64 = 8_000;
/// The advisory lock that allows one rebuild at a time in the whole installation.
const REBUILD_LOCK: i64 = 4_853_003;
/// How often the switch is tried while readers lock the old tables.
const SWITCH_ATTEMPTS: u32 = 30;
/// The pause between two attempts to switch.
const SWITCH_PAUSE: Duration = Duration::from_millis(200);

/// Rebuilds a view. Readers see the old rows until the new ones are complete. Returns the position reached.
pub async fn rebuild(
    source: &EventSource,
    projector: &dyn Projector,
    progress: impl FnMut(i64),
) -> Result<i64, LogError> {
    let mut connection = connect_locked(&source.pool).await?;
    let position = fill_and_switch(&mut connection, source, projector, progress).await?;
    connection.close().await?;
    Ok(position)
}

/// Rebuilds a view, unless another process has done so meanwhile. Returns the position reached.
pub(crate) async fn repair(
    source: &EventSource,
    projector: &dyn Projector,
) -> Result<i64, LogError> {
    let mut connection = connect_locked(&source.pool).await?;
    let mut transaction = connection.begin().await?;
    let checkpoint = lock(&mut transaction, &source.log, projector).await?;
    transaction.commit().await?;
    let position = if checkpoint.is_valid(&source.pool, projector).await? {
        checkpoint.position
    } else {
        fill_and_switch(&mut connection, source, projector, |_| ()).await?
    };
    connection.close().await?;
    Ok(position)
}

/// A separate connection that holds the rebuild lock; its search path will point to the shadow tables.
async fn connect_locked(pool: &PgPool) -> Result<PgConnection, sqlx::Error> {
    let mut connection = pool.acquire().await?.detach();
    sqlx::query("select pg_advisory_lock($1)")
        .bind(REBUILD_LOCK)
        .execute(&mut connection)
        .await?;
    Ok(connection)
}

async fn fill_and_switch(
    connection: &mut PgConnection,
    source: &EventSource,
    projector: &dyn Projector,
    mut progress: impl FnMut(i64),
) -> Result<i64, LogError> {
    let shadow = Shadow::create(connection, projector).await?;
    let mut reached = apply_log(connection, source, projector, 0, &mut progress).await?;
    shadow.create_indexes(connection).await?;
    for attempt in 1.. {
        // Catches up, so that the switch holds its locks only briefly.
        reached = apply_log(connection, source, projector, reached, &mut progress).await?;
        match switch(connection, source, projector, &shadow, reached).await {
            Ok(position) => return Ok(position),
            Err(LogError::Database(error))
                if attempt < SWITCH_ATTEMPTS && is_lock_timeout(&error) =>
            {
                tokio::time::sleep(SWITCH_PAUSE).await;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(reached)
}

/// Applies the log from a position to its end. The next page is read and decrypted while the current one is written.
async fn apply_log(
    connection: &mut PgConnection,
    source: &EventSource,
    projector: &dyn Projector,
    mut reached: i64,
    progress: &mut impl FnMut(i64),
) -> Result<i64, LogError> {
    let mut page = read_batch(source, projector, reached, PAGE_SIZE).await?;
    while let Some(batch) = page {
        reached = batch.position;
        let (written, next) = tokio::join!(
            write_batch(connection, projector, &batch),
            read_batch(source, projector, reached, PAGE_SIZE)
        );
        written?;
        page = next?;
        progress(reached);
    }
    Ok(reached)
}

async fn write_batch(
    connection: &mut PgConnection,
    projector: &dyn Projector,
    batch: &Batch,
) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    let events = batch.events.iter().collect();
    apply_or_park(&mut transaction, projector, events, &batch.unsupported).await?;
    transaction.commit().await
}

/// Applies the last events and replaces the view with the shadow, together with the checkpoint, in one transaction.
async fn switch(
    connection: &mut PgConnection,
    source: &EventSource,
    projector: &dyn Projector,
    shadow: &Shadow,
    reached: i64,
) -> Result<i64, LogError> {
    let mut transaction = connection.begin().await?;
    sqlx::query("set local lock_timeout = '2s'")
        .execute(&mut *transaction)
        .await?;
    lock(&mut transaction, &source.log, projector).await?;
    let mut end = match reached {
        0 => (0, source.log.genesis.to_vec()),
        _ => {
            let hash = eventstore::log::hash_at(&source.pool, reached).await?;
            (reached, hash.unwrap_or_default())
        }
    };
    while let Some(batch) = read_batch(source, projector, end.0, PAGE_SIZE).await? {
        let events = batch.events.iter().collect();
        apply_or_park(&mut transaction, projector, events, &batch.unsupported).await?;
        end = (batch.position, batch.hash);
    }
    shadow.replace(&mut transaction, projector).await?;
    save_checkpoint(&mut transaction, projector, end.0, &end.1).await?;
    transaction.commit().await?;
    Ok(end.0)
}
