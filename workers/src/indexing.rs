//! Keeps the search engine up with the log: what events have touched is put in as the views show it.

use std::time::Duration;

use eventstore::log::{self, LogError};
use eventstore::{Health, Outage, Supervisor, leader};
use projections::projector::needs_analyze;
use projections::search::documents::{self, IndexChanges};
use projections::search::{IndexedDocument, SearchEngine, SearchError, position as index_position};
use projections::{EventSource, Progress};
use uuid::Uuid;

const BATCH: i64 = 1_000;
const PAUSE: Duration = Duration::from_secs(1);
/// How long events gather before they are put in: together they cost little more than one, and people who wait for an
/// answer need the machine first.
const GATHER: Duration = Duration::from_millis(100);
const SHORTEST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// How long the views may take to show what is indexed next.
const VIEWS: Duration = Duration::from_secs(5);
const CONSUMED: [&str; 5] = [
    "conversation",
    "response",
    "assistant",
    "knowledge_base",
    "document",
];
/// Passages that are put in at once.
const PASSAGES: i64 = 500;

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
        if let Err(error) = lead(&source, &progress, &engine, &mut outage).await {
            outage.pause(&error).await;
        }
    }
}

/// Indexes for as long as this process has the lock.
async fn lead(
    source: &EventSource,
    progress: &Progress,
    engine: &SearchEngine,
    outage: &mut Outage,
) -> Result<(), IndexError> {
    let mut connection = leader::acquire_leadership(&source.pool, leader::INDEXER).await?;
    let (mut position, hash) = index_position::checkpoint(&source.pool, engine.name()).await?;
    let known = position == 0 || log::hash_at(&source.pool, position).await? == Some(hash);
    if engine.prepare().await? || !known {
        // A lost index, a log that was restored, or terms that are split otherwise now: everything is put in again.
        position = 0;
    }
    let mut feed = source.feed.clone();
    let mut told = 0;
    loop {
        // The lock ends with its connection.
        sqlx::query!("select 1 as one")
            .fetch_one(&mut connection)
            .await?;
        let reached = step(source, progress, engine, position).await?;
        outage.record_success();
        let is_full = reached.is_some_and(|reached| reached - position >= BATCH);
        if let Some(reached) = reached {
            position = reached;
            if needs_analyze(told, position) {
                told = position;
                engine.refresh_statistics().await?;
            }
        }
        if !is_full {
            let more = tokio::time::timeout(PAUSE, feed.wait_for_position(position)).await;
            if more.is_ok() {
                tokio::time::sleep(GATHER).await;
            }
        }
    }
}

async fn put_passages(
    source: &EventSource,
    engine: &SearchEngine,
    document: Uuid,
) -> Result<(), IndexError> {
    let mut after = -1;
    loop {
        let page = documents::load_passages(&source.pool, document, after, PASSAGES).await?;
        let Some((last, _)) = page.last() else {
            return Ok(());
        };
        after = *last;
        let passages: Vec<IndexedDocument> = page.into_iter().map(|(_, passage)| passage).collect();
        engine.update(&passages, &[]).await?;
    }
}

/// Takes the next stretch of the log; tells where it ends.
async fn step(
    source: &EventSource,
    progress: &Progress,
    engine: &SearchEngine,
    position: i64,
) -> Result<Option<i64>, IndexError> {
    let mut rows = source.feed.read(position, BATCH).await?;
    let Some((last, hash)) = rows.last().map(|row| (row.position, row.hash.clone())) else {
        return Ok(None);
    };
    rows.retain(|row| CONSUMED.contains(&row.aggregate_type.as_str()));
    let mut touched = IndexChanges::default();
    // What this version does not know is in no view either.
    let (events, _foreign) = log::open_supported(&source.log, &source.keys, rows).await?;
    for event in events {
        touched.add(&event);
    }
    if !touched.is_empty() {
        if progress.wait_for(last, VIEWS).await? < last {
            return Err(IndexError::Behind);
        }
        let emptied = touched.cleared_ids();
        if !emptied.is_empty() {
            engine.remove_within(&emptied).await?;
        }
        let (documents, gone) = documents::load(&source.pool, &touched).await?;
        engine.update(&documents, &gone).await?;
        for document in touched.processed_ids() {
            put_passages(source, engine, document).await?;
        }
    }
    index_position::save_checkpoint(&source.pool, engine.name(), last, &hash).await?;
    Ok(Some(last))
}
