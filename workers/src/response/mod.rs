//! Answering: runs are claimed by lease, led to their end, and swept up when their worker died.

mod answer;
mod attachments;
mod calls;
mod handed;
mod knowledge;
mod speech;
mod sweep;
mod title;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::provider::Catalogue;
use eventstore::seats::Taken;
use eventstore::{Executor, Files, Leases, Live, Seats};
use projections::knowledge::Embedder;
use projections::response::queries;
use projections::{Progress, response::ResponseView};
use sqlx::PgPool;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

/// How long the responder sleeps at most when nothing wakes it.
const POLL: Duration = Duration::from_millis(250);
/// How often a failing database is asked again.
const PAUSE: Duration = Duration::from_millis(500);

pub use calls::Tariff;
pub use knowledge::KnowledgeBases;

/// What a responder works with.
#[derive(Debug, Clone)]
pub struct Responder {
    pub pool: PgPool,
    pub executor: Executor,
    pub progress: Progress,
    pub live: Live,
    pub catalogue: Catalogue,
    /// What this process holds.
    pub leases: Leases,
    /// Answers written at the same time.
    pub seats: Seats,
    /// What assistants answer from.
    pub knowledge: KnowledgeBases,
    /// What reads attached files.
    pub reader: FileReader,
    /// What finds passages by their meaning, where a model is chosen.
    pub embedder: Option<Arc<dyn Embedder>>,
    /// Which models stand in for others, and what they cost.
    pub tariff: Arc<Tariff>,
}

/// What attached files are read with.
#[derive(Debug, Clone)]
pub struct FileReader {
    pub files: Files,
    /// The program whose `extract` reads a document.
    pub program: PathBuf,
    /// Files read at the same time.
    pub at_once: Arc<Semaphore>,
}

/// Starts to answer. The tasks end when the set is dropped.
pub fn start_responding(responder: Responder, taken: mpsc::Receiver<Taken>) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(sweep::sweep(responder.clone()));
    tasks.spawn(handed::receive(responder.clone(), taken));
    tasks.spawn(claim(responder));
    tasks
}

/// Claims waiting runs, the oldest first, as long as there are free slots.
async fn claim(responder: Responder) {
    let mut runs = JoinSet::new();
    loop {
        while runs.try_join_next().is_some() {}
        let free = responder.seats.free();
        match queries::waiting(&responder.pool, i64::try_from(free).unwrap_or(i64::MAX)).await {
            Ok(waiting) => {
                for run in waiting {
                    begin(&responder, &mut runs, run).await;
                }
                responder.progress.next(POLL).await;
            }
            Err(error) => {
                tracing::warn!(%error, "waiting runs could not be read");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

async fn begin(responder: &Responder, runs: &mut JoinSet<()>, run: ResponseView) {
    let Some(seat) = responder.seats.permit() else {
        return;
    };
    match responder.leases.take(run.id).await {
        Ok(true) => {
            let responder = responder.clone();
            runs.spawn(async move {
                answer::answer(&responder, &run, None).await;
                drop(seat);
            });
        }
        // Another worker was quicker.
        Ok(false) => {}
        Err(error) => {
            tracing::warn!(%error, run = %run.id, "the lease of a run could not be taken");
        }
    }
}
