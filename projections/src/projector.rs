//! Events to rows: a projector takes the log in order, with its checkpoint in the transaction of its rows.

use eventstore::log::{self, LogError, OpenedEvent};
use eventstore::{Keys, Log};
use futures_util::future::BoxFuture;
use sqlx::{Acquire, PgConnection, PgPool};

use crate::assistant::AssistantProjector;
use crate::conversation::ConversationProjector;
use crate::user::UserProjector;

/// Events taken in one transaction at most.
const BATCH: i64 = 500;

/// Turns events into rows of its own tables.
pub trait Projector: Send + Sync {
    fn name(&self) -> &'static str;
    /// Raised when the rows would come out differently: the view is then rebuilt at the next start.
    fn version(&self) -> i32;
    fn tables(&self) -> &'static [&'static str];
    fn apply<'a>(
        &'a self,
        connection: &'a mut PgConnection,
        event: &'a OpenedEvent,
    ) -> BoxFuture<'a, Result<(), sqlx::Error>>;
}

/// All projectors.
pub fn projectors() -> Vec<Box<dyn Projector>> {
    vec![
        Box::new(UserProjector),
        Box::new(AssistantProjector),
        Box::new(ConversationProjector),
    ]
}

/// How far a projector is after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advance {
    pub position: i64,
    /// Whether there was anything to take.
    pub moved: bool,
}

/// Takes the next events into the views, where there are any.
pub async fn advance(
    pool: &PgPool,
    log: &Log,
    keys: &Keys,
    projector: &dyn Projector,
) -> Result<Advance, LogError> {
    let mut transaction = pool.begin().await?;
    // A projection can be rebuilt: its commits need not wait for the disk.
    sqlx::query!("set local synchronous_commit = off")
        .execute(&mut *transaction)
        .await?;
    let position = checkpoint(&mut transaction, pool, log, projector).await?;
    let rows = log::read(pool, position, BATCH).await?;
    let Some(last) = rows.last().map(|row| (row.position, row.hash.clone())) else {
        transaction.commit().await?;
        return Ok(Advance {
            position,
            moved: false,
        });
    };
    let events = log::open(log, keys, rows).await?;
    take(&mut transaction, projector, &events).await?;
    save(&mut transaction, projector, last.0, &last.1).await?;
    transaction.commit().await?;
    Ok(Advance {
        position: last.0,
        moved: true,
    })
}

/// Applies a batch; where that fails, one event after the other, so that a poisonous one parks its scope alone.
pub(crate) async fn take(
    transaction: &mut PgConnection,
    projector: &dyn Projector,
    events: &[OpenedEvent],
) -> Result<(), sqlx::Error> {
    let mut attempt = transaction.begin().await?;
    let mut failed = None;
    for event in events {
        if parked(&mut attempt, projector, &event.scope).await? {
            continue;
        }
        if let Err(error) = projector.apply(&mut attempt, event).await {
            failed = Some(error);
            break;
        }
    }
    match failed {
        None => attempt.commit().await,
        // The database is away: nothing is wrong with the event.
        Some(error) if error.as_database_error().is_none() => Err(error),
        Some(_) => {
            attempt.rollback().await?;
            for event in events {
                take_one(transaction, projector, event).await?;
            }
            Ok(())
        }
    }
}

async fn take_one(
    transaction: &mut PgConnection,
    projector: &dyn Projector,
    event: &OpenedEvent,
) -> Result<(), sqlx::Error> {
    if parked(transaction, projector, &event.scope).await? {
        return Ok(());
    }
    let mut attempt = transaction.begin().await?;
    match projector.apply(&mut attempt, event).await {
        Ok(()) => attempt.commit().await,
        Err(error) => {
            attempt.rollback().await?;
            tracing::error!(
                projection = projector.name(), position = event.position, scope = event.scope, %error,
                "an event could not be projected: its scope is parked"
            );
            sqlx::query!(
                "insert into parked_aggregates (projection, scope, position, error) values ($1, $2, $3, $4)",
                projector.name(),
                event.scope,
                event.position,
                error.to_string()
            )
            .execute(transaction)
            .await?;
            Ok(())
        }
    }
}

async fn parked(
    connection: &mut PgConnection,
    projector: &dyn Projector,
    scope: &str,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from parked_aggregates where projection = $1 and scope = $2) as "parked!""#,
        projector.name(),
        scope
    )
    .fetch_one(connection)
    .await
}

/// The position of a projector, locked until the transaction ends, so that two processes never write twice. One that
/// is new, of another version, or ahead of or beside the log starts from nothing.
async fn checkpoint(
    transaction: &mut PgConnection,
    pool: &PgPool,
    log: &Log,
    projector: &dyn Projector,
) -> Result<i64, sqlx::Error> {
    let row = lock(transaction, log, projector).await?;
    let known = match row.position {
        0 => true,
        position => log::hash_at(pool, position).await? == Some(row.hash),
    };
    if known && row.version == projector.version() {
        return Ok(row.position);
    }
    tracing::info!(projection = projector.name(), "rebuilding from the log");
    clear(transaction, log, projector).await?;
    Ok(0)
}

/// What is kept of a projector's progress.
pub(crate) struct Checkpoint {
    version: i32,
    position: i64,
    hash: Vec<u8>,
}

/// Reads the checkpoint, made where there is none, and keeps others from it until the transaction ends.
pub(crate) async fn lock(
    transaction: &mut PgConnection,
    log: &Log,
    projector: &dyn Projector,
) -> Result<Checkpoint, sqlx::Error> {
    sqlx::query!(
        "insert into projections (name, version, position, hash) values ($1, $2, 0, $3) on conflict do nothing",
        projector.name(),
        projector.version(),
        &log.genesis
    )
    .execute(&mut *transaction)
    .await?;
    sqlx::query_as!(
        Checkpoint,
        "select version, position, hash from projections where name = $1 for update",
        projector.name()
    )
    .fetch_one(transaction)
    .await
}

/// Empties a projector's tables. Readers see the old rows until the transaction ends.
pub(crate) async fn clear(
    transaction: &mut PgConnection,
    log: &Log,
    projector: &dyn Projector,
) -> Result<(), sqlx::Error> {
    for table in projector.tables() {
        // Names of our own, from the projector: nothing of a user is in this text.
        sqlx::query(&format!("delete from {table}"))
            .execute(&mut *transaction)
            .await?;
    }
    sqlx::query!(
        "delete from parked_aggregates where projection = $1",
        projector.name()
    )
    .execute(&mut *transaction)
    .await?;
    save(transaction, projector, 0, &log.genesis).await
}

pub(crate) async fn save(
    transaction: &mut PgConnection,
    projector: &dyn Projector,
    position: i64,
    hash: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update projections set version = $2, position = $3, hash = $4 where name = $1",
        projector.name(),
        projector.version(),
        position,
        hash
    )
    .execute(transaction)
    .await?;
    Ok(())
}
