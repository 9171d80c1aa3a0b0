//! Advances views: applies the next events and saves the checkpoint in the transaction of the rows.

use std::sync::Arc;

use eventstore::log::{self, LogError, OpenedEvent};
use sqlx::{PgConnection, PgPool};

use super::batch::{apply, apply_or_park, is_caused_by_event, read_batch};
use super::checkpoint::{lock, save_checkpoint};
use super::{ApplyError, EventSource, Projector};
use crate::rebuild;
use crate::statement::execute;

/// Commits need not wait for the disk, because views can be rebuilt. The lock timeout keeps a lock on one view from
/// blocking the others.
const BEGIN_STATEMENT: &str =
    "begin; set local synchronous_commit = off; set local lock_timeout = '1s'";
/// The maximum number of events in one transaction.
const BATCH_SIZE: i64 = 1_000;

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
    let Ok(events) = log::open(&source.log, &source.keys, rows).await else {
        return Ok(None);
    };
    let mut changed_views = Vec::new();
    for projector in projectors {
        let own: Vec<&OpenedEvent> = events
            .iter()
            .filter(|opened| projector.handles(opened.event.aggregate_type()))
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
    execute!(
        transaction,
        "update projections set position = $2, hash = $3 where name = any($1)",
        &names(projectors),
        position,
        hash
    )
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
