//! Events to rows: a projector takes the log in order, with its checkpoint in the transaction of its rows.

use std::collections::HashSet;

use eventstore::log::{self, LogError, OpenedEvent};
use eventstore::{Feed, Keys, Log};
use futures_util::future::BoxFuture;
use sqlx::{Acquire, PgConnection, PgPool};
use uuid::Uuid;

use crate::assistant::AssistantProjector;
use crate::conversation::ConversationProjector;
use crate::provider::ProviderProjector;
use crate::rebuild;
use crate::user::UserProjector;

/// Events taken in one transaction at most.
const BATCH: i64 = 1_000;

/// Turns events into rows of its own tables.
pub trait Projector: Send + Sync {
    fn name(&self) -> &'static str;
    /// Raised when the rows would come out differently: the view is then rebuilt at the next start.
    fn version(&self) -> i32;
    fn tables(&self) -> &'static [&'static str];
    /// The types of aggregates whose events it takes.
    fn aggregates(&self) -> &'static [&'static str];
    /// Applies events in order. What it writes must not depend on where a batch begins or ends.
    fn apply<'a>(
        &'a self,
        connection: &'a mut PgConnection,
        events: &'a [&'a OpenedEvent],
    ) -> BoxFuture<'a, Result<(), ApplyError>>;
}

/// Why events could not be applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    #[error("there is no {0} {1}")]
    Missing(&'static str, Uuid),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Whether an event is to blame (data exceptions, broken constraints), and not a database that is away or full.
fn blames_the_event(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| code.starts_with("22") || code.starts_with("23"))
}

/// All projectors.
pub fn projectors() -> Vec<Box<dyn Projector>> {
    vec![
        Box::new(UserProjector),
        Box::new(AssistantProjector),
        Box::new(ConversationProjector),
        Box::new(ProviderProjector),
    ]
}

/// Where events come from.
#[derive(Debug, Clone)]
pub struct Source {
    pub pool: PgPool,
    pub log: Log,
    pub keys: Keys,
    pub feed: Feed,
}

/// How far a projector is after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advance {
    pub position: i64,
    /// Whether there was anything to take.
    pub moved: bool,
}

/// Takes the next events into the views, where there are any. A view that is of another version, or ahead of or
/// beside the log, is rebuilt.
pub async fn advance(source: &Source, projector: &dyn Projector) -> Result<Advance, LogError> {
    let mut transaction = source.pool.begin().await?;
    // A projection can be rebuilt: its commits need not wait for the disk.
    sqlx::query!("set local synchronous_commit = off")
        .execute(&mut *transaction)
        .await?;
    let checkpoint = lock(&mut transaction, &source.log, projector).await?;
    if !checkpoint.fits(&source.pool, projector).await? {
        transaction.commit().await?;
        tracing::info!(projection = projector.name(), "rebuilding from the log");
        let position = rebuild::repair(source, projector).await?;
        return Ok(Advance {
            position,
            moved: true,
        });
    }
    let Some(batch) = read(source, projector, checkpoint.position, BATCH).await? else {
        transaction.commit().await?;
        return Ok(Advance {
            position: checkpoint.position,
            moved: false,
        });
    };
    take(&mut transaction, projector, &batch.events).await?;
    save(&mut transaction, projector, batch.position, &batch.hash).await?;
    transaction.commit().await?;
    Ok(Advance {
        position: batch.position,
        moved: true,
    })
}

/// Events after which the planner is told of a view's rows for the first time; then whenever they have doubled.
const FEW: i64 = 1_000;

/// Whether a view has grown so much since the planner was told of its rows that it would plan as for a small one.
pub fn has_grown(told: i64, position: i64) -> bool {
    position - told >= told.max(FEW)
}

/// Tells the planner of a view's rows. The database does so by itself, but only after a minute.
pub async fn tell_planner(pool: &PgPool, projector: &dyn Projector) -> Result<(), sqlx::Error> {
    for table in projector.tables() {
        sqlx::query(&format!("analyze {table}"))
            .execute(pool)
            .await?;
    }
    Ok(())
}

/// The events of a stretch of the log that a projector takes, and where the stretch ends.
pub(crate) struct Batch {
    pub events: Vec<OpenedEvent>,
    pub position: i64,
    pub hash: Vec<u8>,
}

/// The next stretch of the log, where there is one. Only what the projector takes is opened.
pub(crate) async fn read(
    source: &Source,
    projector: &dyn Projector,
    after: i64,
    limit: i64,
) -> Result<Option<Batch>, LogError> {
    let mut rows = source.feed.read(after, limit).await?;
    let Some((position, hash)) = rows.last().map(|row| (row.position, row.hash.clone())) else {
        return Ok(None);
    };
    rows.retain(|row| {
        projector
            .aggregates()
            .contains(&row.aggregate_type.as_str())
    });
    Ok(Some(Batch {
        events: log::open(&source.log, &source.keys, rows).await?,
        position,
        hash,
    }))
}

/// Applies a batch; where that fails, one event after the other, so that a poisonous one parks its scope alone.
pub(crate) async fn take(
    transaction: &mut PgConnection,
    projector: &dyn Projector,
    events: &[OpenedEvent],
) -> Result<(), sqlx::Error> {
    if events.is_empty() {
        return Ok(());
    }
    let mut parked = parked(transaction, projector).await?;
    let events: Vec<&OpenedEvent> = events
        .iter()
        .filter(|event| !parked.contains(&event.scope))
        .collect();
    if attempt(transaction, projector, &events).await?.is_none() {
        return Ok(());
    }
    for event in events {
        if parked.contains(&event.scope) {
            continue;
        }
        if let Some(error) = attempt(transaction, projector, &[event]).await? {
            tracing::error!(
                projection = projector.name(), position = event.position, scope = event.scope, %error,
                "an event could not be projected: its scope is parked"
            );
            park(transaction, projector, event, &error).await?;
            parked.insert(event.scope.clone());
        }
    }
    Ok(())
}

/// Applies events or leaves no trace of them; tells what is wrong with them.
async fn attempt(
    transaction: &mut PgConnection,
    projector: &dyn Projector,
    events: &[&OpenedEvent],
) -> Result<Option<ApplyError>, sqlx::Error> {
    let mut attempt = transaction.begin().await?;
    match projector.apply(&mut attempt, events).await {
        Ok(()) => attempt.commit().await.map(|()| None),
        Err(ApplyError::Database(error)) if !blames_the_event(&error) => Err(error),
        Err(error) => {
            attempt.rollback().await?;
            Ok(Some(error))
        }
    }
}

async fn park(
    connection: &mut PgConnection,
    projector: &dyn Projector,
    event: &OpenedEvent,
    error: &ApplyError,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into parked_aggregates (projection, scope, position, error) values ($1, $2, $3, $4)",
        projector.name(),
        event.scope,
        event.position,
        error.to_string()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The scopes that a projector has parked.
async fn parked(
    connection: &mut PgConnection,
    projector: &dyn Projector,
) -> Result<HashSet<String>, sqlx::Error> {
    let scopes = sqlx::query_scalar!(
        "select scope from parked_aggregates where projection = $1",
        projector.name()
    )
    .fetch_all(connection)
    .await?;
    Ok(scopes.into_iter().collect())
}

/// What is kept of a projector's progress.
pub(crate) struct Checkpoint {
    pub version: i32,
    pub position: i64,
    pub hash: Vec<u8>,
}

impl Checkpoint {
    /// Whether the rows are of this projector and of this log.
    pub async fn fits(
        &self,
        pool: &PgPool,
        projector: &dyn Projector,
    ) -> Result<bool, sqlx::Error> {
        if self.version != projector.version() {
            return Ok(false);
        }
        Ok(self.position == 0
            || log::hash_at(pool, self.position).await?.as_ref() == Some(&self.hash))
    }
}

/// Reads the checkpoint, made where there is none, and keeps others from it until the transaction ends, so that two
/// processes never write twice.
pub(crate) async fn lock(
    transaction: &mut PgConnection,
    log: &Log,
    projector: &dyn Projector,
) -> Result<Checkpoint, sqlx::Error> {
    let found = sqlx::query_as!(
        Checkpoint,
        "select version, position, hash from projections where name = $1 for update",
        projector.name()
    )
    .fetch_optional(&mut *transaction)
    .await?;
    if let Some(found) = found {
        return Ok(found);
    }
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
