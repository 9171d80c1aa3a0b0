//! Documents of knowledge bases: read in a process of their own, cut into passages, and told to the log.

pub(crate) mod chunk;
mod embed;
pub mod extract;
mod process;
pub(crate) mod reader;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use eventstore::{Executor, Files, Leases, leases};
use projections::document::{Waiting, queries};
use projections::knowledge::Embedder;
use projections::{Progress, Source};
use tokio::task::JoinSet;

/// How long one sleeps at most when nothing wakes it.
const POLL: Duration = Duration::from_millis(250);
/// How often a failing database is asked again.
const PAUSE: Duration = Duration::from_millis(500);
/// How long the views may take to show what was appended.
const VIEWS: Duration = Duration::from_secs(5);
/// How often bytes that no event tells of are looked for, and how long an upload has to tell of them.
const SWEEP: Duration = Duration::from_hours(1);
const UNTOLD: Duration = Duration::from_hours(25);

/// What documents are processed with.
#[derive(Debug, Clone)]
pub struct Ingester {
    pub source: Source,
    pub executor: Executor,
    pub progress: Progress,
    pub files: Files,
    /// What this process holds.
    pub leases: Leases,
    /// The program whose `extract` reads a document.
    pub program: PathBuf,
    /// Documents processed at the same time.
    pub slots: usize,
    /// What gives passages their vectors, where a model is chosen.
    pub embedder: Option<Arc<dyn Embedder>>,
}

/// Starts to process documents. The tasks end when the set is dropped.
pub fn start_ingesting(ingester: Ingester) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(beat(ingester.leases.clone()));
    tasks.spawn(sweep(ingester.clone()));
    tasks.spawn(work(ingester));
    tasks
}

/// Reads and embeds. What this owner held before it started is let go first: its former self is gone.
async fn work(ingester: Ingester) {
    while let Err(error) = ingester.leases.release_all().await {
        tracing::warn!(%error, "former leases could not be let go");
        tokio::time::sleep(PAUSE).await;
    }
    match ingester.embedder.clone() {
        Some(embedder) => {
            tokio::join!(claim(&ingester), embed::run(&ingester, embedder));
        }
        None => claim(&ingester).await,
    }
}

/// Keeps what is worked on.
async fn beat(leases: Leases) {
    let mut beat = tokio::time::interval(leases::BEAT);
    loop {
        beat.tick().await;
        if let Err(error) = leases.renew().await {
            tracing::warn!(%error, "leases could not be renewed");
        }
    }
}

/// Claims waiting documents as long as there are free slots.
async fn claim(ingester: &Ingester) {
    let mut running = JoinSet::new();
    loop {
        while running.try_join_next().is_some() {}
        let free = ingester.slots.saturating_sub(running.len());
        let limit = i64::try_from(free).unwrap_or(i64::MAX);
        match queries::waiting(&ingester.source.pool, limit).await {
            Ok(waiting) => {
                for document in waiting {
                    begin(ingester, &mut running, document).await;
                }
                tokio::select! {
                    () = ingester.progress.next(POLL) => {}
                    Some(_) = running.join_next() => {}
                }
            }
            Err(error) => {
                tracing::warn!(%error, "waiting documents could not be read");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

async fn begin(ingester: &Ingester, running: &mut JoinSet<()>, document: Waiting) {
    match ingester.leases.take(document.id).await {
        Ok(true) => {
            let ingester = ingester.clone();
            running.spawn(async move { process::process(&ingester, &document).await });
        }
        // Another worker was quicker.
        Ok(false) => {}
        Err(error) => {
            tracing::warn!(%error, document = %document.id, "the lease of a document could not be taken");
        }
    }
}

/// Removes bytes that no event tells of: whoever put them there has died.
async fn sweep(ingester: Ingester) {
    let mut tick = tokio::time::interval(SWEEP);
    loop {
        tick.tick().await;
        if let Err(error) = sweep_once(&ingester).await {
            tracing::warn!(%error, "bytes that no event tells of could not be looked for");
        }
    }
}

async fn sweep_once(ingester: &Ingester) -> Result<(), eventstore::files::FilesError> {
    let pool = &ingester.source.pool;
    let head = ingester.source.feed.head();
    let old = ingester.files.older_than(UNTOLD).await?;
    let reached = ingester.progress.reach(head, Duration::from_secs(10)).await;
    if reached.map_err(eventstore::log::LogError::from)? < head {
        return Ok(());
    }
    let missing = projections::file::queries::missing(pool, &old).await;
    for id in missing.map_err(eventstore::log::LogError::from)? {
        tracing::info!(file = %id, "bytes that no event tells of are removed");
        ingester.files.remove(id).await?;
    }
    if let Err(error) = ingester.files.sweep_folder(UNTOLD) {
        tracing::warn!(%error, "half written files could not be removed");
    }
    Ok(())
}
