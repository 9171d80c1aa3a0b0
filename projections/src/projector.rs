//! Turns events into rows. A projector applies the log in order and saves its checkpoint in the transaction of its rows.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use eventstore::log::{self, LogError, OpenedEvent, UnsupportedEvent};
use eventstore::supervisor::panic_message;
use eventstore::{Feed, Keys, Log};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::{Acquire, PgConnection, PgPool};
use uuid::Uuid;

use crate::assistant::AssistantProjector;
use crate::conversation::ConversationProjector;
use crate::document::DocumentProjector;
use crate::file::FileProjector;
use crate::group::GroupProjector;
use crate::knowledge::KnowledgeProjector;
use crate::parking::{park, parked_scopes};
use crate::provider::ProviderProjector;
use crate::rebuild;
use crate::user::UserProjector;

/// Commits need not wait for the disk, because views can be rebuilt. The lock timeout keeps a lock on one view from
/// blocking the others.
const BEGIN_STATEMENT: &str =
    "begin; set local synchronous_commit = off; set local lock_timeout = '1s'";
/// The maximum number of events in one transaction.
const BATCH_SIZE: i64 = 1_000;

/// Turns events into rows of its own tables.
pub trait Projector: Send + Sync {
    fn name(&self) -> &'static str;
    /// Raised when the rows would be different; the view is then rebuilt at the next start.
    fn version(&self) -> i32;
    fn tables(&self) -> &'static [&'static str];
    /// The types of aggregates whose events it applies.
    fn aggregates(&self) -> &'static [&'static str];
    /// Applies events in order. The rows must not depend on how events are split into batches.
    fn apply<'a>(
        &'a self,
        connection: &'a mut PgConnection,
        events: &'a [&'a OpenedEvent],
    ) -> BoxFuture<'a, Result<(), ApplyError>>;
}

/// Why events could not be applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    #[error("{0} {1} does not exist")]
    Missing(&'static str, Uuid),
    #[error("the projector panicked: {0}")]
    Panicked(String),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Whether a statement failed because another session held a lock for too long.
pub fn is_lock_timeout(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| code == "55P03")
}

/// Whether an event caused the error (data exceptions, violated constraints), not an unavailable or full database.
fn is_caused_by_event(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| code.starts_with("22") || code.starts_with("23"))
}

/// All projectors.
pub fn projectors() -> Vec<Box<dyn Projector>> {
    vec![
        Box::new(UserProjector),
        Box::new(GroupProjector),
        Box::new(AssistantProjector),
        Box::new(ConversationProjector),
        Box::new(ProviderProjector),
        Box::new(FileProjector),
        Box::new(KnowledgeProjector),
        Box::new(DocumentProjector),
    ]
}

/// The sources of events.
#[derive(Debug, Clone)]
pub struct EventSource {
    pub pool: PgPool,
    pub log: Log,
    pub keys: Keys,
    pub feed: Feed,
}

/// The result of a step of one or more projectors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advance {
    pub position: i64,
    /// Whether there were any events.
    pub has_advanced: bool,
    /// The projectors whose rows may have changed.
    pub changed_views: Vec<&'static str>,
}

impl Advance {
    /// There were no events.
    fn unchanged(position: i64) -> Self {
        Self {
            position,
            has_advanced: false,
            changed_views: vec![],
        }
    }

    fn to(position: i64, changed_views: Vec<&'static str>) -> Self {
        Self {
            position,
            has_advanced: true,
            changed_views,
        }
    }
}

/// Applies the next events to a view, up to the target position if there is one. A view of another version, or one whose
/// checkpoint does not match the log, is rebuilt.
pub async fn advance(
    source: &EventSource,
    projector: &dyn Projector,
    target: Option<i64>,
) -> Result<Advance, LogError> {
    let mut transaction = source.pool.begin_with(BEGIN_STATEMENT).await?;
    let checkpoint = lock(&mut transaction, &source.log, projector).await?;
    if !checkpoint.is_valid(&source.pool, projector).await? {
        transaction.commit().await?;
        tracing::info!(
            projection = projector.name(),
            "rebuilding a view from the log"
        );
        let position = rebuild::repair(source, projector).await?;
        return Ok(Advance::to(position, vec![projector.name()]));
    }
    let limit = target.map_or(BATCH_SIZE, |target| {
        (target - checkpoint.position).clamp(0, BATCH_SIZE)
    });
    let batch = match limit {
        0 => None,
        limit => read_batch(source, projector, checkpoint.position, limit).await?,
    };
    let Some(batch) = batch else {
        transaction.commit().await?;
        return Ok(Advance::unchanged(checkpoint.position));
    };
    let own: Vec<&OpenedEvent> = batch.events.iter().collect();
    let changed = changed_view(projector, &own);
    apply_or_park(&mut transaction, projector, own, &batch.unsupported).await?;
    save_checkpoint(&mut transaction, projector, batch.position, &batch.hash).await?;
    transaction.commit().await?;
    Ok(Advance::to(batch.position, changed.into_iter().collect()))
}

/// The same for projectors at the same position, in one transaction, so that the log is read once. Returns `None` if their
/// positions differ or one of them needs special handling; each must then advance by itself.
pub async fn advance_together(
    source: &EventSource,
    projectors: &[Arc<dyn Projector>],
) -> Result<Option<Advance>, LogError> {
    let mut transaction = source.pool.begin_with(BEGIN_STATEMENT).await?;
    let Some(shared) = lock_together(&mut transaction, projectors).await? else {
        return Ok(None);
    };
    let (position, hash) = (shared.position, shared.hash);
    let rows = source.feed.read(position, BATCH_SIZE).await?;
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        let matches = position == 0 || log::hash_at(&source.pool, position).await? == Some(hash);
        return Ok(matches.then(|| Advance::unchanged(position)));
    };
    // The hash proves that this is still the same log.
    if first.position != position + 1
        || first.expected_hash(&source.log, &hash).as_slice() != first.hash
    {
        return Ok(None);
    }
    let (position, hash) = (last.position, last.hash.clone());
    let types: Vec<String> = rows.iter().map(|row| row.aggregate_type.clone()).collect();
    let Ok(events) = log::open(&source.log, &source.keys, rows).await else {
        return Ok(None);
    };
    let mut changed_views = Vec::new();
    for projector in projectors {
        let own: Vec<&OpenedEvent> = events
            .iter()
            .zip(&types)
            .filter(|(_, aggregate_type)| projector.aggregates().contains(&aggregate_type.as_str()))
            .map(|(event, _)| event)
            .collect();
        changed_views.extend(changed_view(projector.as_ref(), &own));
        if shared.has_parked {
            apply_or_park(&mut transaction, projector.as_ref(), own, &[]).await?;
            continue;
        }
        // Usually nothing is parked. If an event fails, each projector advances by itself and finds it.
        match apply(projector.as_ref(), &mut transaction, &own).await {
            Ok(()) => {}
            Err(ApplyError::Database(error)) if !is_caused_by_event(&error) => {
                return Err(error.into());
            }
            Err(_) => return Ok(None),
        }
    }
    save_together(&mut transaction, projectors, position, &hash).await?;
    transaction.commit().await?;
    Ok(Some(Advance::to(position, changed_views)))
}

/// The name of a projector if there are events for it.
fn changed_view(projector: &dyn Projector, events: &[&OpenedEvent]) -> Option<&'static str> {
    (!events.is_empty()).then(|| projector.name())
}

/// The checkpoint that several projectors share.
struct SharedCheckpoint {
    position: i64,
    hash: Vec<u8>,
    /// Whether any projector has parked a scope.
    has_parked: bool,
}

/// Locks the checkpoints of projectors; `None` if they differ.
async fn lock_together(
    transaction: &mut PgConnection,
    projectors: &[Arc<dyn Projector>],
) -> Result<Option<SharedCheckpoint>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select name, version, position, hash, exists (select from parked_aggregates) as "parked!"
           from projections where name = any($1) order by name for update"#,
        &names(projectors)
    )
    .fetch_all(transaction)
    .await?;
    let has_parked = rows.iter().any(|row| row.parked);
    let first = rows.first().map(|row| (row.position, row.hash.clone()));
    let matches_first = |projector: &dyn Projector| {
        rows.iter().any(|row| {
            row.name == projector.name()
                && row.version == projector.version()
                && first
                    .as_ref()
                    .is_some_and(|(position, hash)| row.position == *position && row.hash == *hash)
        })
    };
    let are_equal = projectors
        .iter()
        .all(|projector| matches_first(projector.as_ref()));
    Ok(first
        .filter(|_| are_equal)
        .map(|(position, hash)| SharedCheckpoint {
            position,
            hash,
            has_parked,
        }))
}

async fn save_together(
    transaction: &mut PgConnection,
    projectors: &[Arc<dyn Projector>],
    position: i64,
    hash: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update projections set position = $2, hash = $3 where name = any($1)",
        &names(projectors),
        position,
        hash
    )
    .execute(transaction)
    .await?;
    Ok(())
}

fn names(projectors: &[Arc<dyn Projector>]) -> Vec<String> {
    projectors
        .iter()
        .map(|projector| projector.name().to_owned())
        .collect()
}

/// Events after which a view is analyzed for the first time; after that, whenever they have doubled.
const FIRST_ANALYZE: i64 = 1_000;

/// Whether a view has grown so much since its last ANALYZE that the planner would take it for a small one.
pub fn needs_analyze(analyzed: i64, position: i64) -> bool {
    position - analyzed >= analyzed.max(FIRST_ANALYZE)
}

/// Refreshes the planner's statistics of a view. Autovacuum would do so only after a minute.
pub async fn analyze_tables(pool: &PgPool, projector: &dyn Projector) -> Result<(), sqlx::Error> {
    for table in projector.tables() {
        sqlx::query(&format!("analyze {table}"))
            .execute(pool)
            .await?;
    }
    Ok(())
}

/// The events for a projector in a range of the log, and the end of that range.
pub(crate) struct Batch {
    pub events: Vec<OpenedEvent>,
    /// Events that this version does not support.
    pub unsupported: Vec<UnsupportedEvent>,
    pub position: i64,
    pub hash: Vec<u8>,
}

/// Reads the next range of the log, if there is one. Only events for the projector are decrypted.
pub(crate) async fn read_batch(
    source: &EventSource,
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
    let (events, unsupported) = log::open_supported(&source.log, &source.keys, rows).await?;
    Ok(Some(Batch {
        events,
        unsupported,
        position,
        hash,
    }))
}

/// Applies a batch. If that fails, applies events one by one, so that a failing event parks only its own scope.
/// Unsupported events park their scopes as well.
pub(crate) async fn apply_or_park(
    transaction: &mut PgConnection,
    projector: &dyn Projector,
    mut events: Vec<&OpenedEvent>,
    unsupported: &[UnsupportedEvent],
) -> Result<(), sqlx::Error> {
    if events.is_empty() && unsupported.is_empty() {
        return Ok(());
    }
    let mut parked = parked_scopes(transaction, projector).await?;
    let follows_unsupported = |event: &OpenedEvent| {
        unsupported
            .iter()
            .any(|first| first.scope == event.scope && first.position < event.position)
    };
    events.retain(|event| !parked.contains(&event.scope) && !follows_unsupported(event));
    if try_apply(transaction, projector, &events).await?.is_some() {
        for event in events {
            if parked.contains(&event.scope) {
                continue;
            }
            if let Some(error) = try_apply(transaction, projector, &[event]).await? {
                let error = error.to_string();
                park(
                    transaction,
                    projector,
                    (&event.scope, event.position),
                    &error,
                )
                .await?;
                parked.insert(event.scope.clone());
            }
        }
    }
    for event in unsupported {
        if parked.insert(event.scope.clone()) {
            let error = event.error.to_string();
            park(
                transaction,
                projector,
                (&event.scope, event.position),
                &error,
            )
            .await?;
        }
    }
    Ok(())
}

/// Applies events. A panic becomes an error, so that it parks a scope and does not stop the projector.
async fn apply(
    projector: &dyn Projector,
    connection: &mut PgConnection,
    events: &[&OpenedEvent],
) -> Result<(), ApplyError> {
    let applied = AssertUnwindSafe(projector.apply(connection, events)).catch_unwind();
    match applied.await {
        Ok(result) => result,
        Err(panic) => Err(ApplyError::Panicked(panic_message(&*panic).to_owned())),
    }
}

/// Applies events within a savepoint. Returns the error if they caused one, after rolling them back.
async fn try_apply(
    transaction: &mut PgConnection,
    projector: &dyn Projector,
    events: &[&OpenedEvent],
) -> Result<Option<ApplyError>, sqlx::Error> {
    let mut savepoint = transaction.begin().await?;
    match apply(projector, &mut savepoint, events).await {
        Ok(()) => savepoint.commit().await.map(|()| None),
        Err(ApplyError::Database(error)) if !is_caused_by_event(&error) => Err(error),
        Err(error) => {
            savepoint.rollback().await?;
            Ok(Some(error))
        }
    }
}

/// The stored progress of a projector.
pub(crate) struct Checkpoint {
    pub version: i32,
    pub position: i64,
    pub hash: Vec<u8>,
}

impl Checkpoint {
    /// Whether the rows were written by this version of the projector and from this log.
    pub async fn is_valid(
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

/// Locks the checkpoint until the transaction ends, so that only one process applies events. Creates it if it does not
/// exist.
pub(crate) async fn lock(
    transaction: &mut PgConnection,
    log: &Log,
    projector: &dyn Projector,
) -> Result<Checkpoint, sqlx::Error> {
    let checkpoint = sqlx::query_as!(
        Checkpoint,
        "select version, position, hash from projections where name = $1 for update",
        projector.name()
    )
    .fetch_optional(&mut *transaction)
    .await?;
    if let Some(checkpoint) = checkpoint {
        return Ok(checkpoint);
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

pub(crate) async fn save_checkpoint(
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
