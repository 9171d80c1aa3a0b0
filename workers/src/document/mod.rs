//! Documents of knowledge bases: read in a separate process, split into passages, and appended to the log.

pub(crate) mod chunk;
mod embed;
pub mod extract;
mod process;
pub(crate) mod reader;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use eventstore::{Executor, Files, Health, Supervisor};
use projections::document::{PendingDocument, queries};
use projections::knowledge::Embedder;
use projections::{EventSource, Progress};
use runtime::{Lease, Leases};
use uuid::Uuid;

use crate::kit::{RunningTasks, WorkQueue, run_claim_loop};

/// Longest wait without a notification.
const POLL: Duration = Duration::from_millis(250);
/// Pause before a failing database is retried.
const PAUSE: Duration = Duration::from_millis(500);
/// How long to wait for the read model after an append.
const READ_MODEL_LIMIT: Duration = Duration::from_secs(5);
/// How often unreferenced files are removed, and how long an upload has to append the event that references its file.
const SWEEP_INTERVAL: Duration = Duration::from_hours(1);
const UNREFERENCED_AGE: Duration = Duration::from_hours(25);

/// Processes documents: reads, splits and embeds them.
#[derive(Debug, Clone)]
pub struct Ingester {
    pub source: EventSource,
    pub executor: Executor,
    pub progress: Progress,
    pub files: Files,
    /// The leases of this process.
    pub leases: Leases,
    /// The program whose `extract` reads a document.
    pub program: PathBuf,
    /// How many documents are processed concurrently.
    pub slots: usize,
    /// Embeds passages, if an embedding model is configured.
    pub embedder: Option<Arc<dyn Embedder>>,
}

/// Starts processing documents. The tasks end when the supervisor is dropped.
pub fn start_ingesting(ingester: Ingester, health: &Health) -> Supervisor {
    let mut tasks = Supervisor::new(health.clone());
    let leases = ingester.leases.clone();
    tasks.spawn("lease renewal", move || leases.clone().run_renewals());
    let swept = ingester.clone();
    tasks.spawn("sweep of files", move || sweep(swept.clone()));
    if let Some(embedder) = ingester.embedder.clone() {
        let swept = ingester.clone();
        tasks.spawn("embeddings", move || {
            embed::run(swept.clone(), embedder.clone())
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

/// Removes files that no event references: their uploader died before the append.
async fn sweep(ingester: Ingester) {
    let mut tick = tokio::time::interval(SWEEP_INTERVAL);
    loop {
        tick.tick().await;
        if let Err(error) = sweep_once(&ingester).await {
            tracing::warn!(%error, "failed to remove unreferenced files; retrying at the next sweep");
        }
    }
}

async fn sweep_once(ingester: &Ingester) -> Result<(), eventstore::files::FilesError> {
    let pool = &ingester.source.pool;
    let head = ingester.source.feed.head();
    let before = ingester.executor.clock().now() - UNREFERENCED_AGE;
    let candidates = ingester.files.list_written_before(before).await?;
    let reached = ingester
        .progress
        .wait_for(head, Duration::from_secs(10))
        .await;
    if reached.map_err(eventstore::log::LogError::from)? < head {
        return Ok(());
    }
    let unreferenced = projections::file::queries::find_missing(pool, &candidates).await;
    for id in unreferenced.map_err(eventstore::log::LogError::from)? {
        tracing::info!(file = %id, "removing an unreferenced file");
        ingester.files.remove(id).await?;
    }
    if let Err(error) = ingester.files.remove_partial_files(before) {
        tracing::warn!(%error, "failed to remove partial files");
    }
    Ok(())
}
