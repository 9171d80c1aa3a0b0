//! Events to rows: a projector takes the log in order, with its checkpoint in the transaction of its rows.

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
use crate::parking::{park, parked};
use crate::provider::ProviderProjector;
use crate::rebuild;
use crate::user::UserProjector;

/// A projection can be rebuilt: its commits need not wait for the disk. Somebody's lock on one view must not hold up
/// the others.
const BEGIN: &str = "begin; set local synchronous_commit = off; set local lock_timeout = '1s'";
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
    #[error("the projector panicked: {0}")]
    Panicked(String),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Whether a lock of somebody else's was waited for in vain.
pub fn is_lock_timeout(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| code == "55P03")
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
        Box::new(GroupProjector),
        Box::new(AssistantProjector),
        Box::new(ConversationProjector),
        Box::new(ProviderProjector),
        Box::new(FileProjector),
        Box::new(KnowledgeProjector),
        Box::new(DocumentProjector),
    ]
}

/// Where events come from.
#[derive(Debug, Clone)]
pub struct EventSource {
    pub pool: PgPool,
    pub log: Log,
    pub keys: Keys,
    pub feed: Feed,
}

/// How far projectors are after a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advance {
    pub position: i64,
    /// Whether there was anything to take.
    pub has_advanced: bool,
    /// The projectors whose rows may be others now.
    pub changed_views: Vec<&'static str>,
}

impl Advance {
    /// There was nothing to take.
    fn none(position: i64) -> Self {
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

/// Takes the next events into a view, where there are any, up to a position where one is given. A view that is of another
/// version, or ahead of or beside the log, is rebuilt.
pub async fn advance(
    source: &EventSource,
    projector: &dyn Projector,
    target: Option<i64>,
) -> Result<Advance, LogError> {
    let mut transaction = source.pool.begin_with(BEGIN).await?;
    let checkpoint = lock(&mut transaction, &source.log, projector).await?;
    if !checkpoint.fits(&source.pool, projector).await? {
        transaction.commit().await?;
        tracing::info!(projection = projector.name(), "rebuilding from the log");
        let position = rebuild::repair(source, projector).await?;
        return Ok(Advance::to(position, vec![projector.name()]));
    }
    let limit = target.map_or(BATCH, |target| {
        (target - checkpoint.position).clamp(0, BATCH)
    });
    let batch = match limit {
        0 => None,
        limit => read(source, projector, checkpoint.position, limit).await?,
    };
    let Some(batch) = batch else {
        transaction.commit().await?;
        return Ok(Advance::none(checkpoint.position));
    };
    let own: Vec<&OpenedEvent> = batch.events.iter().collect();
    let changed = changed(projector, &own);
    take(&mut transaction, projector, own, &batch.foreign).await?;
    save(&mut transaction, projector, batch.position, &batch.hash).await?;
    transaction.commit().await?;
    Ok(Advance::to(batch.position, changed.into_iter().collect()))
}

/// The same for projectors that stand at the same place, in one transaction: the log is read once. None where they do
/// not, or where one of them needs more than the next events: each is then to advance by itself.
pub async fn advance_together(
    source: &EventSource,
    projectors: &[Arc<dyn Projector>],
) -> Result<Option<Advance>, LogError> {
    let mut transaction = source.pool.begin_with(BEGIN).await?;
    let Some(together) = lock_together(&mut transaction, projectors).await? else {
        return Ok(None);
    };
    let (position, hash) = (together.position, together.hash);
    let rows = source.feed.read(position, BATCH).await?;
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        let known = position == 0 || log::hash_at(&source.pool, position).await? == Some(hash);
        return Ok(known.then(|| Advance::none(position)));
    };
    // The log goes on from here: it was not exchanged.
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
    let mut all_changed = Vec::new();
    for projector in projectors {
        let own: Vec<&OpenedEvent> = events
            .iter()
            .zip(&types)
            .filter(|(_, kind)| projector.aggregates().contains(&kind.as_str()))
            .map(|(event, _)| event)
            .collect();
        all_changed.extend(changed(projector.as_ref(), &own));
        if together.parked {
            take(&mut transaction, projector.as_ref(), own, &[]).await?;
            continue;
        }
        // Nothing is parked, as nearly always: an event that cannot be taken shows by itself, and is looked for then.
        match apply(projector.as_ref(), &mut transaction, &own).await {
            Ok(()) => {}
            Err(ApplyError::Database(error)) if !blames_the_event(&error) => {
                return Err(error.into());
            }
            Err(_) => return Ok(None),
        }
    }
    save_together(&mut transaction, projectors, position, &hash).await?;
    transaction.commit().await?;
    Ok(Some(Advance::to(position, all_changed)))
}

/// The name of a projector that takes events.
fn changed(projector: &dyn Projector, events: &[&OpenedEvent]) -> Option<&'static str> {
    (!events.is_empty()).then(|| projector.name())
}

/// The checkpoint that all have.
struct Together {
    position: i64,
    hash: Vec<u8>,
    /// Whether any of them waits with a scope.
    parked: bool,
}

/// Locks the checkpoint that all have.
async fn lock_together(
    transaction: &mut PgConnection,
    projectors: &[Arc<dyn Projector>],
) -> Result<Option<Together>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select name, version, position, hash, exists (select from parked_aggregates) as "parked!"
           from projections where name = any($1) order by name for update"#,
        &names(projectors)
    )
    .fetch_all(transaction)
    .await?;
    let parked = rows.iter().any(|row| row.parked);
    let first = rows.first().map(|row| (row.position, row.hash.clone()));
    let stands = |projector: &dyn Projector| {
        rows.iter().any(|row| {
            row.name == projector.name()
                && row.version == projector.version()
                && first
                    .as_ref()
                    .is_some_and(|(position, hash)| row.position == *position && row.hash == *hash)
        })
    };
    let together = projectors.iter().all(|one| stands(one.as_ref()));
    Ok(first.filter(|_| together).map(|(position, hash)| Together {
        position,
        hash,
        parked,
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

/// Events after which the planner is told of a view's rows for the first time; then whenever they have doubled.
const FEW: i64 = 1_000;

/// Whether a view has grown so much since the planner was told of its rows that it would plan as for a small one.
pub fn needs_analyze(told: i64, position: i64) -> bool {
    position - told >= told.max(FEW)
}

/// Tells the planner of a view's rows. The database does so by itself, but only after a minute.
pub async fn analyze_tables(pool: &PgPool, projector: &dyn Projector) -> Result<(), sqlx::Error> {
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
    /// What this version does not know.
    pub foreign: Vec<UnsupportedEvent>,
    pub position: i64,
    pub hash: Vec<u8>,
}

/// The next stretch of the log, where there is one. Only what the projector takes is opened.
pub(crate) async fn read(
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
    let (events, foreign) = log::open_supported(&source.log, &source.keys, rows).await?;
    Ok(Some(Batch {
        events,
        foreign,
        position,
        hash,
    }))
}

/// Applies a batch; where that fails, one event after the other, so that a poisonous one parks its scope alone. What is
/// foreign parks its scope from there on.
pub(crate) async fn take(
    transaction: &mut PgConnection,
    projector: &dyn Projector,
    mut events: Vec<&OpenedEvent>,
    foreign: &[UnsupportedEvent],
) -> Result<(), sqlx::Error> {
    if events.is_empty() && foreign.is_empty() {
        return Ok(());
    }
    let mut parked = parked(transaction, projector).await?;
    let beyond = |event: &OpenedEvent| {
        foreign
            .iter()
            .any(|foreign| foreign.scope == event.scope && foreign.position < event.position)
    };
    events.retain(|event| !parked.contains(&event.scope) && !beyond(event));
    if attempt(transaction, projector, &events).await?.is_some() {
        for event in events {
            if parked.contains(&event.scope) {
                continue;
            }
            if let Some(error) = attempt(transaction, projector, &[event]).await? {
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
    for foreign in foreign {
        if parked.insert(foreign.scope.clone()) {
            let error = foreign.error.to_string();
            park(
                transaction,
                projector,
                (&foreign.scope, foreign.position),
                &error,
            )
            .await?;
        }
    }
    Ok(())
}

/// Applies events. A panic is an error like any other: it is the events' fault, and theirs alone.
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

/// Applies events or leaves no trace of them; tells what is wrong with them.
async fn attempt(
    transaction: &mut PgConnection,
    projector: &dyn Projector,
    events: &[&OpenedEvent],
) -> Result<Option<ApplyError>, sqlx::Error> {
    let mut attempt = transaction.begin().await?;
    match apply(projector, &mut attempt, events).await {
        Ok(()) => attempt.commit().await.map(|()| None),
        Err(ApplyError::Database(error)) if !blames_the_event(&error) => Err(error),
        Err(error) => {
            attempt.rollback().await?;
            Ok(Some(error))
        }
    }
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
