//! Documents of knowledge bases: read in a process of their own, cut into passages, and told to the log.

pub(crate) mod chunk;
mod embed;
pub mod extract;
mod process;
pub(crate) mod reader;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use eventstore::{Executor, Files, Health, Lease, Leases, Supervisor};
use projections::document::{PendingDocument, queries};
use projections::knowledge::Embedder;
use projections::{EventSource, Progress};
use uuid::Uuid;

use crate::kit::{RunningTasks, WorkQueue, run_claim_loop};

/// How long one waits at most when nothing wakes it.
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
    pub source: EventSource,
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

/// Starts to process documents. The tasks end when the supervisor is dropped.
pub fn start_ingesting(ingester: Ingester, health: &Health) -> Supervisor {
    let mut tasks = Supervisor::new(health.clone());
    let leases = ingester.leases.clone();
    tasks.spawn("lease renewal", move || leases.clone().run_renewals());
    let i = ingester.clone();
    tasks.spawn("sweep of files", move || sweep(i.clone()));
    if let Some(embedder) = ingester.embedder.clone() {
        let i = ingester.clone();
        tasks.spawn("embeddings", move || {
            embed::run(i.clone(), embedder.clone())
        });
    }
    let running = RunningTasks::default();
    tasks.spawn("documents", move || {
        run_claim_loop(ingester.clone(), running.clone())
    });
    tasks
}

impl WorkQueue for Ingester {
    type Item = PendingDocument;
    type Permit = ();

    const NAME: &'static str = "documents";
    const VIEW: &'static str = "documents";

    fn leases(&self) -> &Leases {
        &self.leases
    }

    fn progress(&self) -> &Progress {
        &self.progress
    }

    fn id(document: &PendingDocument) -> Uuid {
        document.id
    }

    async fn list_waiting(&self, running: usize) -> Result<Vec<PendingDocument>, sqlx::Error> {
        let free = self.slots.saturating_sub(running);
        let limit = i64::try_from(free).unwrap_or(i64::MAX);
        queries::list_pending(&self.source.pool, limit).await
    }

    fn try_acquire(&self, _document: &PendingDocument) -> Option<()> {
        Some(())
    }

    async fn run(self, document: PendingDocument, lease: Lease, (): ()) {
        process::process(&self, &document, lease).await;
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
    let old = ingester.files.list_older_than(UNTOLD).await?;
    let reached = ingester
        .progress
        .wait_for(head, Duration::from_secs(10))
        .await;
    if reached.map_err(eventstore::log::LogError::from)? < head {
        return Ok(());
    }
    let missing = projections::file::queries::find_missing(pool, &old).await;
    for id in missing.map_err(eventstore::log::LogError::from)? {
        tracing::info!(file = %id, "bytes that no event tells of are removed");
        ingester.files.remove(id).await?;
    }
    if let Err(error) = ingester.files.remove_partial_files(UNTOLD) {
        tracing::warn!(%error, "half written files could not be removed");
    }
    Ok(())
}
