//! Jobs: any process that runs projections claims them, one at a time, and imports in parallel to the others. A job is
//! restarted if its worker died, and fails if a second worker dies.

mod backup;
mod erase;
mod erase_conversations;
mod erase_knowledge;
mod erase_object;
mod repeat_erasures;
mod schedule;
mod verify;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use eventstore::anchors::Anchors;
use eventstore::command::idempotency;
use eventstore::log::LogError;
use eventstore::supervisor::panic_message;
use eventstore::{Backoff, Executor, Files, Health, Outage, Supervisor, Transient};
use projections::job::JobKind;
use projections::job::queries as jobs;
use projections::job::work::{self, ClaimedJob, HEARTBEAT_INTERVAL, JobLane, JobOutcome};
use projections::user::sessions;
use projections::{EventSource, Progress, Projector, projectors, rebuild};
use runtime::partial_answers;
use serde_json::json;
use sqlx::PgPool;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::import;
use crate::kit::wait_for_stop;

pub use self::backup::Backups;
pub(crate) use self::erase_object::retry_later;
pub use self::schedule::start_scheduling;

const POLL: Duration = Duration::from_millis(250);
/// How often expired rows are deleted.
const CLEANUP_INTERVAL: Duration = Duration::from_hours(1);
/// Workers that may die while running a job, for whatever reason, before it fails.
const MAX_CRASHES: i32 = 2;
/// Attempts before a job fails because of the database or the views.
const MAX_ATTEMPTS: i32 = 20;
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// How often a process that stops checks whether its jobs have been requeued.
const STOP_POLL: Duration = Duration::from_millis(20);
/// The longest pause between attempts if others wait for the result.
const LONGEST_SHORT_PAUSE: Duration = Duration::from_secs(2);

/// What jobs need.
#[derive(Debug, Clone)]
pub struct JobContext {
    pub source: EventSource,
    pub executor: Executor,
    pub progress: Progress,
    pub files: Files,
    pub backups: Backups,
    pub anchors: Anchors,
    /// The program whose `read-import` reads imports.
    pub program: PathBuf,
    /// The maximum bytes of one file, and of all files of one person.
    pub max_file: u64,
    pub file_quota: u64,
    /// True when the process stops: jobs are requeued.
    pub stopping: watch::Receiver<bool>,
    /// The jobs that this process has claimed.
    pub tracker: JobTracker,
}

/// Counts the jobs that a process has claimed and not yet finished or requeued.
#[derive(Debug, Clone, Default)]
pub struct JobTracker(Arc<AtomicUsize>);

impl JobTracker {
    /// Waits until there are none; a process that stops requeues them.
    pub async fn wait_until_idle(&self) {
        while self.0.load(Ordering::SeqCst) > 0 {
            tokio::time::sleep(STOP_POLL).await;
        }
    }

    fn track(&self) -> JobGuard {
        self.0.fetch_add(1, Ordering::SeqCst);
        JobGuard(self.0.clone())
    }
}

struct JobGuard(Arc<AtomicUsize>);

impl Drop for JobGuard {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Starts to run jobs. The tasks end when the supervisor is dropped.
pub fn start_jobs(context: JobContext, health: &Health) -> Supervisor {
    let mut tasks = Supervisor::new(health.clone());
    let pool = context.source.pool.clone();
    tasks.spawn("deletion of expired rows", move || {
        delete_expired_rows(pool.clone())
    });
    let w = context.clone();
    tasks.spawn("imports", move || run_lane(w.clone(), JobLane::Imports));
    tasks.spawn("jobs", move || run_lane(context.clone(), JobLane::Others));
    tasks
}

/// Runs the jobs of a lane, one at a time.
async fn run_lane(context: JobContext, lane: JobLane) {
    let what = match lane {
        JobLane::Imports => "read waiting imports",
        JobLane::Others => "read waiting jobs",
    };
    let mut outage = Outage::new(what, SHORTEST_PAUSE, LONGEST_SHORT_PAUSE);
    let mut stopping = context.stopping.clone();
    while !*stopping.borrow() {
        let guard = context.tracker.track();
        match work::claim(&context.source.pool, lane).await {
            Ok(Some(job)) => {
                outage.record_success();
                run_job(&context, &job, &mut stopping).await;
            }
            Ok(None) => {
                outage.record_success();
                drop(guard);
                tokio::time::sleep(POLL).await;
            }
            Err(error) => {
                drop(guard);
                outage.pause(&error).await;
            }
        }
    }
    std::future::pending::<()>().await;
}

/// Deletes expired rows.
async fn delete_expired_rows(pool: PgPool) {
    let mut tick = tokio::time::interval(CLEANUP_INTERVAL);
    loop {
        tick.tick().await;
        let cleanup = async {
            idempotency::prune(&pool).await?;
            partial_answers::prune(&pool).await?;
            sessions::prune(&pool).await?;
            jobs::prune(&pool).await
        };
        if let Err(error) = cleanup.await {
            tracing::warn!(%error, "cannot delete expired rows; the next attempt is in an hour");
        }
    }
}

/// Runs a job to completion. If the database is unavailable, the job is requeued, never reported as done.
async fn run_job(context: &JobContext, job: &ClaimedJob, stopping: &mut watch::Receiver<bool>) {
    let source = &context.source;
    let done = Arc::new(AtomicI64::new(0));
    let total = (job.kind.unit() == "events").then(|| source.feed.head());
    let outcome = match job.crashes >= MAX_CRASHES {
        true => Some(Ok(JobOutcome::Failed(format!(
            "{} processes that ran this job died; it is not tried again. See the server log; if this is an import, the \
             file may need more memory than the server has",
            job.crashes
        )))),
        false => run_attempt(context, job, (&done, total), stopping).await,
    };
    let outcome = match outcome {
        None => return retract_crash(context, job).await,
        Some(Ok(outcome)) => outcome,
        Some(Err(Interruption::Stopping)) => return requeue(context, job, Duration::ZERO).await,
        Some(Err(Interruption::Error(error)))
            if error.is_transient() && job.attempt - job.crashes < MAX_ATTEMPTS =>
        {
            tracing::warn!(job = %job.id, %error, "a job was interrupted; it will be retried");
            let tries = u32::try_from(job.attempt).unwrap_or(0).min(6);
            let pause = SHORTEST_PAUSE * 2_u32.pow(tries.saturating_sub(1));
            return requeue(context, job, pause.min(LONGEST_PAUSE)).await;
        }
        Some(Err(Interruption::Error(error))) => {
            tracing::error!(job = %job.id, %error, "a job failed");
            JobOutcome::Failed("the job failed; see the server log".to_owned())
        }
        Some(Err(Interruption::Panicked)) => {
            JobOutcome::Failed("the job failed unexpectedly; see the server log".to_owned())
        }
    };
    let total = total.unwrap_or_else(|| done.load(Ordering::Relaxed));
    let mut backoff = Backoff::new(SHORTEST_PAUSE, LONGEST_PAUSE);
    for _ in 0..MAX_ATTEMPTS {
        match work::end(&source.pool, job, &outcome, total).await {
            Ok(true) => return,
            Ok(false) => return retract_crash(context, job).await,
            Err(error) => {
                tracing::warn!(job = %job.id, %error, "failed to record the outcome of a job; retrying");
                tokio::time::sleep(backoff.pause()).await;
            }
        }
    }
}

/// Requeues a job, however long the database is unavailable.
async fn requeue(context: &JobContext, job: &ClaimedJob, pause: Duration) {
    let mut backoff = Backoff::new(SHORTEST_PAUSE, LONGEST_SHORT_PAUSE);
    loop {
        match work::requeue(&context.source.pool, job, pause).await {
            Ok(true) => return,
            Ok(false) => return retract_crash(context, job).await,
            Err(error) => {
                tracing::debug!(job = %job.id, %error, "failed to requeue a job; retrying");
                tokio::time::sleep(backoff.pause()).await;
            }
        }
    }
}

/// Another worker has claimed the job because no heartbeat was possible while the database was unavailable. No worker
/// died.
async fn retract_crash(context: &JobContext, job: &ClaimedJob) {
    let mut backoff = Backoff::new(SHORTEST_PAUSE, LONGEST_SHORT_PAUSE);
    while let Err(error) = work::retract_crash(&context.source.pool, job).await {
        tracing::debug!(job = %job.id, %error, "failed to retract the crash of a worker; retrying");
        tokio::time::sleep(backoff.pause()).await;
    }
}

/// Why an attempt did not complete.
enum Interruption {
    Error(LogError),
    Panicked,
    Stopping,
}

/// Runs a job in its own task, so that heartbeats continue whatever it does.
async fn run_attempt(
    context: &JobContext,
    job: &ClaimedJob,
    (done, total): (&Arc<AtomicI64>, Option<i64>),
    stopping: &mut watch::Receiver<bool>,
) -> Option<Result<JobOutcome, Interruption>> {
    let mut task = JoinSet::new();
    let (w, j, d) = (context.clone(), job.clone(), done.clone());
    task.spawn(async move { execute(&w, &j, &d).await });
    tokio::select! {
        Some(ended) = task.join_next() => Some(match ended {
            Ok(ended) => ended.map_err(Interruption::Error),
            Err(error) => {
                if let Ok(panic) = error.try_into_panic() {
                    tracing::error!(job = %job.id, panic = panic_message(&*panic), "a job panicked");
                }
                Err(Interruption::Panicked)
            }
        }),
        ended = send_heartbeats(&context.source, job, done, total) => ended.map(Ok),
        () = wait_for_stop(stopping) => Some(Err(Interruption::Stopping)),
    }
}

/// Sends heartbeats with the progress until the job is cancelled; `None` if another worker has claimed it. A database
/// that is unavailable for a moment ends nothing: the job notices itself, or continues.
async fn send_heartbeats(
    source: &EventSource,
    job: &ClaimedJob,
    done: &AtomicI64,
    total: Option<i64>,
) -> Option<JobOutcome> {
    let mut tick = tokio::time::interval(HEARTBEAT_INTERVAL);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        match work::record_heartbeat(&source.pool, job, done.load(Ordering::Relaxed), total).await {
            Ok(Some(false)) => {}
            Ok(Some(true)) => return Some(JobOutcome::Cancelled),
            Ok(None) => return None,
            Err(error) => {
                tracing::debug!(job = %job.id, %error, "failed to record the heartbeat of a job");
            }
        }
    }
}

async fn execute(
    context: &JobContext,
    job: &ClaimedJob,
    done: &Arc<AtomicI64>,
) -> Result<JobOutcome, LogError> {
    let source = &context.source;
    let counter = done.clone();
    let progress = move |position| counter.store(position, Ordering::Relaxed);
    match &job.kind {
        JobKind::VerifyEvents => verify::verify(context, progress).await,
        JobKind::Import(file) => import::import_file(context, job.requested_by, *file, done).await,
        JobKind::Backup => backup::create_backup(context, progress).await,
        JobKind::RepeatErasures => repeat_erasures::repeat_erasures(context).await,
        JobKind::EraseUser(id) => erase::erase_user(context, *id).await,
        JobKind::EraseKnowledgeBase(id) => {
            erase_knowledge::erase_knowledge_base(context, *id).await
        }
        JobKind::EraseConversation(id) => erase_conversations::delete_files_of(context, *id).await,
        JobKind::EmptyTrash => {
            erase_conversations::empty_trash(context, job.requested_by, done).await
        }
        JobKind::RebuildProjection(name) => {
            let projectors = projectors();
            match projectors.iter().find(|one| one.name() == name) {
                Some(projector) => rebuild_projection(source, projector.as_ref(), progress).await,
                None => Ok(JobOutcome::Failed(format!("there is no projection {name}"))),
            }
        }
    }
}

/// Rebuilds a read model. The digest of its tables lets operators compare two rebuilds.
async fn rebuild_projection(
    source: &EventSource,
    projector: &dyn Projector,
    progress: impl FnMut(i64),
) -> Result<JobOutcome, LogError> {
    let position = rebuild::rebuild(source, projector, progress).await?;
    let digest = rebuild::digest(&source.pool, projector).await?;
    Ok(JobOutcome::Completed(
        json!({"position": position, "digest": hex::encode(digest)}),
    ))
}
