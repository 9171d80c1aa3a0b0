//! Answering: runs are claimed by lease, brought to their end, and taken over when their worker died.
//!
//! Reading order: [`handed`] (runs that came with their lease), [`answer`] (one run), `speech` (what its model says),
//! `interruption` (what ends it early), `record` (its outcome), `title` (what the conversation is called then), `orphans`
//! (runs of workers that died), `stops` (runs that somebody asked to end).

mod answer;
mod attachments;
mod calls;
mod handed;
mod interruption;
mod knowledge;
mod orphans;
mod record;
mod speech;
mod stops;
mod title;

use std::path::PathBuf;
use std::sync::Arc;

use crate::kit::{RunningTasks, WorkQueue, run_claim_loop};
use crate::provider::Catalogue;
use eventstore::reply_slots::{AssignedRun, Lane, Permit};
use eventstore::{Executor, Files, Health, Lease, Leases, Live, ReplySlots, Supervisor};
use projections::knowledge::{Embedder, Reranker};
use projections::response::prompt::PendingQuestion;
use projections::response::queries;
use projections::{Progress, response::ResponseView};
use sqlx::PgPool;
use tokio::sync::{Mutex, Semaphore, mpsc, watch};
use uuid::Uuid;

pub use calls::Tariff;
pub use knowledge::KnowledgeBases;
pub use stops::Stops;
pub use title::TitleModel;

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
    pub seats: ReplySlots,
    /// What assistants answer from.
    pub knowledge: KnowledgeBases,
    /// What reads attached files.
    pub reader: FileReader,
    /// What finds passages by their meaning, where a model is chosen.
    pub embedder: Option<Arc<dyn Embedder>>,
    /// What puts them in a better order, where a model is chosen.
    pub reranker: Option<Arc<dyn Reranker>>,
    /// Which models stand in for others, which name conversations, and what they cost.
    pub tariff: Arc<Tariff>,
    /// The runs that somebody asked to end.
    pub stops: Stops,
    /// True when the process stops: what was said is kept.
    pub stopping: watch::Receiver<bool>,
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

/// Starts to answer. The tasks end when the supervisor is dropped.
pub fn start_responding(
    responder: Responder,
    taken: mpsc::Receiver<AssignedRun>,
    health: &Health,
) -> Supervisor {
    let mut tasks = Supervisor::new(health.clone());
    let running = RunningTasks::default();
    let leases = responder.leases.clone();
    tasks.spawn("lease renewal", move || leases.clone().run_renewals());
    let (r, runs) = (responder.clone(), running.clone());
    tasks.spawn("orphaned answers", move || {
        orphans::take_over(r.clone(), runs.clone())
    });
    let r = responder.clone();
    tasks.spawn("requested ends of answers", move || stops::watch(r.clone()));
    // One receiver for every start of the task.
    let taken = Arc::new(Mutex::new(taken));
    let (r, runs) = (responder.clone(), running.clone());
    tasks.spawn("handed answers", move || {
        handed::receive(r.clone(), taken.clone(), runs.clone())
    });
    let (r, runs) = (responder.clone(), running.clone());
    tasks.spawn("answers", move || run_claim_loop(r.clone(), runs.clone()));
    responder.seats.open();
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
        let mut waiting = Vec::new();
        for lane in Lane::ALL {
            let (free, sated) = self.seats.free_slots(lane);
            if free > 0 {
                let limit = i64::try_from(free).unwrap_or(i64::MAX);
                let built_in = lane == Lane::BuiltIn;
                waiting.extend(queries::list_queued(&self.pool, built_in, &sated, limit).await?);
            }
        }
        Ok(waiting)
    }

    fn try_acquire(&self, run: &ResponseView) -> Option<Permit> {
        self.seats
            .acquire_permit(Lane::from_model(&run.model), run.requested_by)
    }

    async fn run(self, run: ResponseView, lease: Lease, permit: Permit) {
        answer(&self, &run, (lease, permit), None).await;
    }
}

/// Answers a run, and then names its conversation.
async fn answer(
    responder: &Responder,
    run: &ResponseView,
    (lease, permit): (Lease, Permit),
    question: Option<PendingQuestion>,
) {
    let answered = answer::answer(responder, run, lease, question).await;
    // Whoever asks next does not wait for a title.
    drop(permit);
    if let Some(answered) = answered {
        title::write(responder, run, &answered).await;
    }
}
