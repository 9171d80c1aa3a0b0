//! Keeps the search engine up to date with the log: indexes what events have changed, as the views show it.

use std::time::Duration;

use eventstore::log::{self, LogError};
use eventstore::{Health, Outage, Supervisor};
use projections::projector::needs_analyze;
use projections::search::documents::{self, INDEXED_AGGREGATES, IndexChanges};
use projections::search::{IndexedDocument, SearchEngine, SearchError, position as index_position};
use projections::{EventSource, Progress};
use runtime::leader;
use uuid::Uuid;

const EVENT_BATCH: i64 = 1_000;
const PAUSE: Duration = Duration::from_secs(1);
/// How long events are collected before they are indexed: together they cost little more than one, and people who wait
/// for an answer need the machine first.
const GATHER: Duration = Duration::from_millis(100);
const SHORTEST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// How long the views may take to show the events that are indexed next.
const VIEW_TIMEOUT: Duration = Duration::from_secs(5);
/// Passages that are indexed at once.
const PASSAGE_BATCH: i64 = 500;

#[derive(Debug, thiserror::Error)]
enum IndexError {
    #[error(transparent)]
    Search(#[from] SearchError),
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error("the views are behind")]
    Behind,
}

/// Starts to index. The task ends when the supervisor is dropped.
pub fn start_indexing(
    source: EventSource,
    progress: Progress,
    engine: SearchEngine,
    health: &Health,
) -> Supervisor {
    let mut tasks = Supervisor::new(health.clone());
    tasks.spawn("search index", move || {
        index(source.clone(), progress.clone(), engine.clone())
    });
    tasks
}

async fn index(source: EventSource, progress: Progress, engine: SearchEngine) {
    let what = format!("advance the search index ({})", engine.name());
    let mut outage = Outage::new(what, SHORTEST_PAUSE, LONGEST_PAUSE);
    loop {
        if let Err(error) = index_as_leader(&source, &progress, &engine, &mut outage).await {
            outage.pause(&error).await;
        }
    }
}

/// Indexes as long as this process has the lock.
async fn index_as_leader(
    source: &EventSource,
    progress: &Progress,
    engine: &SearchEngine,
    outage: &mut Outage,
) -> Result<(), IndexError> {
    let mut connection = leader::acquire_leadership(&source.pool, leader::INDEXER).await?;
    let (mut position, hash) = index_position::checkpoint(&source.pool, engine.name()).await?;
    let is_known = position == 0 || log::hash_at(&source.pool, position).await? == Some(hash);
    if engine.prepare().await? || !is_known {
        // The index was lost, the log was restored, or terms are split differently now: rebuild the index.
        position = 0;
    }
    let mut feed = source.feed.clone();
    let mut analyzed = 0;
    loop {
        // The lock ends with its connection.
        sqlx::query!("select 1 as one")
            .fetch_one(&mut connection)
            .await?;
        let last = index_step(source, progress, engine, position).await?;
        outage.record_success();
        let is_full = last.is_some_and(|last| last - position >= EVENT_BATCH);
        if let Some(last) = last {
            position = last;
            if needs_analyze(analyzed, position) {
                analyzed = position;
                engine.refresh_statistics().await?;
            }
        }
        if !is_full {
            let has_more = tokio::time::timeout(PAUSE, feed.wait_for_position(position)).await;
            if has_more.is_ok() {
                tokio::time::sleep(GATHER).await;
            }
        }
    }
}

async fn index_passages(
    source: &EventSource,
    engine: &SearchEngine,
    document: Uuid,
) -> Result<(), IndexError> {
    let mut after = -1;
    loop {
        let page = documents::load_passages(&source.pool, document, after, PASSAGE_BATCH).await?;
        let Some((last, _)) = page.last() else {
            return Ok(());
        };
        after = *last;
        let passages: Vec<IndexedDocument> = page.into_iter().map(|(_, passage)| passage).collect();
        engine.update(&passages, &[]).await?;
    }
}

/// Indexes the next events of the log; returns the last position.
async fn index_step(
    source: &EventSource,
    progress: &Progress,
    engine: &SearchEngine,
    position: i64,
) -> Result<Option<i64>, IndexError> {
    let mut rows = source.feed.read(position, EVENT_BATCH).await?;
    let Some((last, hash)) = rows.last().map(|row| (row.position, row.hash.clone())) else {
        return Ok(None);
    };
    rows.retain(|row| INDEXED_AGGREGATES.contains(&row.aggregate_type.as_str()));
    let mut changes = IndexChanges::default();
    // Events that this version does not support are in no view either.
    let (events, _unsupported) = log::open_supported(&source.log, &source.keys, rows).await?;
    for event in events {
        changes.add(&event);
    }
    if !changes.is_empty() {
        if progress.wait_for(last, VIEW_TIMEOUT).await? < last {
            return Err(IndexError::Behind);
        }
        let cleared = changes.cleared_ids();
        if !cleared.is_empty() {
            engine.remove_within(&cleared).await?;
        }
        let (documents, deleted) = documents::load(&source.pool, &changes).await?;
        engine.update(&documents, &deleted).await?;
        for document in changes.processed_ids() {
            index_passages(source, engine, document).await?;
        }
    }
    index_position::save_checkpoint(&source.pool, engine.name(), last, &hash).await?;
    Ok(Some(last))
}
