//! Responses: runs are claimed by lease, completed, and recovered if their worker died.
//!
//! Reading order: [`assigned`] (runs that came with their lease), [`mod@answer`] (one run), `draft` (its output),
//! `interruption` (what ends it early), `record` (its outcome), `title` (the title of the conversation), `orphans`
//! (runs of workers that died), `stop_requests` (cancelled runs).

mod answer;
mod assigned;
mod attachments;
mod calls;
mod draft;
mod interruption;
mod knowledge;
mod model_settings;
mod orphans;
mod record;
mod stop_requests;
mod title;

use std::path::PathBuf;
use std::sync::Arc;

use crate::kit::{RunningTasks, WorkQueue, run_claim_loop};
use crate::provider::Catalogue;
use eventstore::{Executor, Files, Health, Supervisor};
use projections::knowledge::{Embedder, Reranker};
use projections::response::prompt::PendingQuestion;
use projections::response::queries;
use projections::{Progress, response::ResponseView};
use runtime::reply_slots::{AssignedRun, Lane, Permit};
use runtime::{Lease, Leases, Live, ReplySlots};
use sqlx::PgPool;
use tokio::sync::{Mutex, Semaphore, mpsc, watch};
use uuid::Uuid;

pub use knowledge::KnowledgeBases;
pub use model_settings::{ModelSettings, TitleModel};
pub use stop_requests::StopRequests;

/// What a responder needs.
#[derive(Debug, Clone)]
pub struct Responder {
    pub pool: PgPool,
    pub executor: Executor,
    pub progress: Progress,
    pub live: Live,
    pub catalogue: Catalogue,
    /// The leases of this process.
    pub leases: Leases,
    /// Limits the answers that are written concurrently.
    pub reply_slots: ReplySlots,
    /// The knowledge bases of assistants.
    pub knowledge: KnowledgeBases,
    /// Reads attached files.
    pub reader: FileReader,
    /// Finds passages by meaning, if a model is configured.
    pub embedder: Option<Arc<dyn Embedder>>,
    /// Reranks passages, if a model is configured.
    pub reranker: Option<Arc<dyn Reranker>>,
    /// Fallbacks, the model for titles, and prices.
    pub model_settings: Arc<ModelSettings>,
    /// Runs that are to be cancelled.
    pub stop_requests: StopRequests,
    /// True when the process stops: partial answers are kept.
    pub stopping: watch::Receiver<bool>,
}

/// What is needed to read attached files.
#[derive(Debug, Clone)]
pub struct FileReader {
    pub files: Files,
    /// The program whose `extract` reads a document.
    pub program: PathBuf,
    /// Limits the files that are read concurrently.
    pub at_once: Arc<Semaphore>,
}

/// Starts to answer. The tasks end when the supervisor is dropped.
pub fn start_responding(
    responder: Responder,
    assigned: mpsc::Receiver<AssignedRun>,
    health: &Health,
) -> Supervisor {
    let mut tasks = Supervisor::new(health.clone());
    let running = RunningTasks::default();
    let leases = responder.leases.clone();
    tasks.spawn("lease renewal", move || leases.clone().run_renewals());
    let (r, runs) = (responder.clone(), running.clone());
    tasks.spawn("orphaned answers", move || {
        orphans::recover_orphans(r.clone(), runs.clone())
    });
    let r = responder.clone();
    tasks.spawn("requested cancellations", move || {
        stop_requests::poll(r.clone())
    });
    // Shared by all restarts of the task.
    let assigned_runs = Arc::new(Mutex::new(assigned));
    let (r, runs) = (responder.clone(), running.clone());
    tasks.spawn("assigned answers", move || {
        assigned::run_assigned(r.clone(), assigned_runs.clone(), runs.clone())
    });
    let (r, runs) = (responder.clone(), running.clone());
    tasks.spawn("answers", move || run_claim_loop(r.clone(), runs.clone()));
    responder.reply_slots.open();
    tasks
}

impl WorkQueue for Responder {
    type Item = ResponseView;
    type Permit = Permit;

    const NAME: &'static str = "answers";
    const VIEW: &'static str = "conversations";

    fn leases(&self) -> &Leases {
        &self.leases
    }

    fn progress(&self) -> &Progress {
        &self.progress
    }

    fn id(run: &ResponseView) -> Uuid {
        run.id
    }

    async fn list_waiting(&self, _running: usize) -> Result<Vec<ResponseView>, sqlx::Error> {
        let mut queued = Vec::new();
        for lane in Lane::ALL {
            let (free, busy_users) = self.reply_slots.free_slots(lane);
            if free > 0 {
                let limit = i64::try_from(free).unwrap_or(i64::MAX);
                let is_built_in = lane == Lane::BuiltIn;
                queued.extend(
                    queries::list_queued(&self.pool, is_built_in, &busy_users, limit).await?,
                );
            }
        }
        Ok(queued)
    }

    fn try_acquire(&self, run: &ResponseView) -> Option<Permit> {
        self.reply_slots
            .acquire_permit(Lane::from_model(&run.model), run.requested_by)
    }

    async fn run(self, run: ResponseView, lease: Lease, permit: Permit) {
        answer(&self, &run, (lease, permit), None).await;
    }
}

/// Runs a response, and then titles its conversation.
async fn answer(
    responder: &Responder,
    run: &ResponseView,
    (lease, permit): (Lease, Permit),
    question: Option<PendingQuestion>,
) {
    let completed = answer::run(responder, run, lease, question).await;
    // The next question does not wait for a title.
    drop(permit);
    if let Some(completed) = completed {
        title::write_title(responder, run, &completed).await;
    }
}
