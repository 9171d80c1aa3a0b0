//! Making a view anew beside the one that is read, and the digest that proves both equal.

mod shadow;
mod status;

use std::time::Duration;

use eventstore::log::LogError;
use sqlx::{Connection, PgConnection, PgPool};

use crate::projector::{Batch, EventSource, Projector, lock, read, save, take};
use shadow::Shadow;

pub use status::{ProjectionStatus, digest, list_status};

const PAGE: i64 = 8_000;
/// One rebuild at a time in the whole installation.
const LOCK: i64 = 4_853_003;
/// How often the switch is tried while readers hold the old tables.
const SWITCH_TRIES: u32 = 30;
const PAUSE: Duration = Duration::from_millis(200);

/// Makes a view anew. Readers see the old rows until the new ones are whole. Returns the position reached.
pub async fn rebuild(
    source: &EventSource,
    projector: &dyn Projector,
    progress: impl FnMut(i64),
) -> Result<i64, LogError> {
    let mut connection = begin(&source.pool).await?;
    let position = make(&mut connection, source, projector, progress).await?;
    connection.close().await?;
    Ok(position)
}

/// Makes a view anew unless another process has done so meanwhile. Returns the position reached.
pub(crate) async fn repair(
    source: &EventSource,
    projector: &dyn Projector,
) -> Result<i64, LogError> {
    let mut connection = begin(&source.pool).await?;
    let mut transaction = connection.begin().await?;
    let checkpoint = lock(&mut transaction, &source.log, projector).await?;
    transaction.commit().await?;
    let position = if checkpoint.fits(&source.pool, projector).await? {
        checkpoint.position
    } else {
        make(&mut connection, source, projector, |_| ()).await?
    };
    connection.close().await?;
    Ok(position)
}

/// A connection of its own, on which the tables of views are the shadows; with the lock of all rebuilds.
async fn begin(pool: &PgPool) -> Result<PgConnection, sqlx::Error> {
    let mut connection = pool.acquire().await?.detach();
    sqlx::query("select pg_advisory_lock($1)")
        .bind(LOCK)
        .execute(&mut connection)
        .await?;
    Ok(connection)
}

async fn make(
    connection: &mut PgConnection,
    source: &EventSource,
    projector: &dyn Projector,
    mut progress: impl FnMut(i64),
) -> Result<i64, LogError> {
    let shadow = Shadow::create(connection, projector).await?;
    let mut reached = copy(connection, source, projector, 0, &mut progress).await?;
    shadow.index(connection).await?;
    for tried in 1.. {
        // What came meanwhile, before the switch takes its locks.
        reached = copy(connection, source, projector, reached, &mut progress).await?;
        match switch(connection, source, projector, &shadow, reached).await {
            Ok(position) => return Ok(position),
            Err(LogError::Database(error)) if tried < SWITCH_TRIES && is_lock_timeout(&error) => {
                tokio::time::sleep(PAUSE).await;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(reached)
}

/// Takes the log from a position to its end. The next page is read and opened while this one is written.
async fn copy(
    connection: &mut PgConnection,
    source: &EventSource,
    projector: &dyn Projector,
    mut reached: i64,
    progress: &mut impl FnMut(i64),
) -> Result<i64, LogError> {
    let mut page = read(source, projector, reached, PAGE).await?;
    while let Some(batch) = page {
        reached = batch.position;
        let (written, next) = tokio::join!(
            write(connection, projector, &batch),
            read(source, projector, reached, PAGE)
        );
        written?;
        page = next?;
        progress(reached);
    }
    Ok(reached)
}

async fn write(
    connection: &mut PgConnection,
    projector: &dyn Projector,
    batch: &Batch,
) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    let events = batch.events.iter().collect();
    take(&mut transaction, projector, events, &batch.foreign).await?;
    transaction.commit().await
}

/// Puts the shadow in the place of the view, with the last events and the checkpoint, in one transaction.
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
    while let Some(batch) = read(source, projector, end.0, PAGE).await? {
        let events = batch.events.iter().collect();
        take(&mut transaction, projector, events, &batch.foreign).await?;
        end = (batch.position, batch.hash);
    }
    shadow.replace(&mut transaction, projector).await?;
    save(&mut transaction, projector, end.0, &end.1).await?;
    transaction.commit().await?;
    Ok(end.0)
}

fn is_lock_timeout(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| code == "55P03")
}
