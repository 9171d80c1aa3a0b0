//! Jobs: taken one after the other by any process that projects, imports beside all others, taken again where a worker
//! died, and given up where they cost a second one.

mod backup;
mod erase;
mod erase_knowledge;
mod repeat_erasures;
mod schedule;
mod verify;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use eventstore::anchors::Anchors;
use eventstore::log::LogError;
use eventstore::supervisor::panic_message;
use eventstore::{
    Backoff, Executor, Files, Health, Outage, Supervisor, Transient, idempotency, partial_answers,
};
use projections::job::JobKind;
use projections::job::queries as jobs;
use projections::job::work::{self, ClaimedJob, HEARTBEAT_INTERVAL, JobLane, JobOutcome};
use projections::user::sessions;
use projections::{EventSource, Progress, projectors, rebuild};
use serde_json::json;
use sqlx::PgPool;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::import;
use crate::kit::wait_for_stop;

pub use self::backup::Backups;
pub(crate) use self::erase::later;
pub use self::schedule::start_scheduling;

const POLL: Duration = Duration::from_millis(250);
/// How often expired rows are removed.
const CLEAN: Duration = Duration::from_hours(1);
/// Workers that a job may cost before it is given up, whatever ended them.
const CRASHES: i32 = 2;
/// Tries before a job that the database or the views do not let go on is given up.
const ATTEMPTS: i32 = 20;
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// How often a process that stops looks whether its jobs were put back.
const STOP_POLL: Duration = Duration::from_millis(20);
/// The longest pause between tries where others wait for what is recorded.
const SHORT_PAUSE: Duration = Duration::from_secs(2);

/// What jobs are done with.
#[derive(Debug, Clone)]
pub struct Work {
    pub source: EventSource,
    pub executor: Executor,
    pub progress: Progress,
    pub files: Files,
    pub backups: Backups,
    pub anchors: Anchors,
    /// The program whose `read-import` reads what is imported.
    pub program: PathBuf,
    /// Bytes of one file, and of the files of one person, at most.
    pub max_file: u64,
    pub file_quota: u64,
    /// True when the process stops: jobs are put back.
    pub stopping: watch::Receiver<bool>,
    /// The jobs that this process has taken.
    pub held: Held,
}

/// Counts the jobs that a process has taken and not ended or put back.
#[derive(Debug, Clone, Default)]
pub struct Held(Arc<AtomicUsize>);

impl Held {
    /// Waits until there are none: once the process stops, they are put back.
    pub async fn released(&self) {
        while self.0.load(Ordering::SeqCst) > 0 {
            tokio::time::sleep(STOP_POLL).await;
        }
    }

    fn hold(&self) -> Holding {
        self.0.fetch_add(1, Ordering::SeqCst);
        Holding(self.0.clone())
    }
}

struct Holding(Arc<AtomicUsize>);

impl Drop for Holding {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Starts to work. The tasks end when the supervisor is dropped.
pub fn start_working(work: Work, health: &Health) -> Supervisor {
    let mut tasks = Supervisor::new(health.clone());
    let pool = work.source.pool.clone();
    tasks.spawn("removal of old rows", move || clean(pool.clone()));
    let w = work.clone();
    tasks.spawn("imports", move || run_lane(w.clone(), JobLane::Imports));
    tasks.spawn("jobs", move || run_lane(work.clone(), JobLane::Others));
    tasks
}

/// Does the jobs of a lane, one after the other.
async fn run_lane(work: Work, lane: JobLane) {
    let what = match lane {
        JobLane::Imports => "read waiting imports",
        JobLane::Others => "read waiting jobs",
    };
    let mut outage = Outage::new(what, SHORTEST_PAUSE, SHORT_PAUSE);
    let mut stopping = work.stopping.clone();
    while !*stopping.borrow() {
        let holding = work.held.hold();
        match work::claim(&work.source.pool, lane).await {
            Ok(Some(job)) => {
                outage.record_success();
                run_job(&work, &job, &mut stopping).await;
            }
            Ok(None) => {
                outage.record_success();
                drop(holding);
                tokio::time::sleep(POLL).await;
            }
            Err(error) => {
                drop(holding);
                outage.pause(&error).await;
            }
        }
    }
    std::future::pending::<()>().await;
}

/// Removes rows that nothing asks for any more.
async fn clean(pool: PgPool) {
    let mut tick = tokio::time::interval(CLEAN);
    loop {
        tick.tick().await;
        let pruned = async {
            idempotency::prune(&pool).await?;
            partial_answers::prune(&pool).await?;
            sessions::prune(&pool).await?;
            jobs::prune(&pool).await
        };
        if let Err(error) = pruned.await {
            tracing::warn!(%error, "cannot remove expired rows; the next attempt is in an hour");
        }
    }
}

/// Brings a job to its end. Where the database goes away it is put back and tried again: never is it called done.
async fn run_job(work: &Work, job: &ClaimedJob, stopping: &mut watch::Receiver<bool>) {
    let source = &work.source;
    let done = Arc::new(AtomicI64::new(0));
    let total = (job.kind.unit() == "events").then(|| source.feed.head());
    let outcome = match job.crashes >= CRASHES {
        true => Some(Ok(JobOutcome::Failed(format!(
            "{} processes that ran this job died; it is not tried again. See the server log; if this is an import, the \
             file may need more memory than the server has",
            job.crashes
        )))),
        false => attempt(work, job, (&done, total), stopping).await,
    };
    let ended = match outcome {
        None => return survived(work, job).await,
        Some(Ok(ended)) => ended,
        Some(Err(Unfinished::Stopping)) => return put_back(work, job, Duration::ZERO).await,
        Some(Err(Unfinished::Error(error)))
            if error.is_transient() && job.attempt - job.crashes < ATTEMPTS =>
        {
            tracing::warn!(job = %job.id, %error, "a job was interrupted; it will be retried");
            let tries = u32::try_from(job.attempt).unwrap_or(0).min(6);
            let pause = SHORTEST_PAUSE * 2_u32.pow(tries.saturating_sub(1));
            return put_back(work, job, pause.min(LONGEST_PAUSE)).await;
        }
        Some(Err(Unfinished::Error(error))) => {
            tracing::error!(job = %job.id, %error, "a job failed");
            JobOutcome::Failed("the job failed; see the server log".to_owned())
        }
        Some(Err(Unfinished::Panicked)) => {
            JobOutcome::Failed("the job failed unexpectedly; see the server log".to_owned())
        }
    };
    let total = total.unwrap_or_else(|| done.load(Ordering::Relaxed));
    let mut backoff = Backoff::new(SHORTEST_PAUSE, LONGEST_PAUSE);
    for _ in 0..ATTEMPTS {
        match work::end(&source.pool, job, &ended, total).await {
            Ok(true) => return,
            Ok(false) => return survived(work, job).await,
            Err(error) => {
                tracing::warn!(job = %job.id, %error, "failed to record the end of a job; retrying");
                tokio::time::sleep(backoff.pause()).await;
            }
        }
    }
}

/// Puts a job back, however long the database is away.
async fn put_back(work: &Work, job: &ClaimedJob, pause: Duration) {
    let mut backoff = Backoff::new(SHORTEST_PAUSE, SHORT_PAUSE);
    loop {
        match work::requeue(&work.source.pool, job, pause).await {
            Ok(true) => return,
            Ok(false) => return survived(work, job).await,
            Err(error) => {
                tracing::debug!(job = %job.id, %error, "failed to put a job back; retrying");
                tokio::time::sleep(backoff.pause()).await;
            }
        }
    }
}

/// Another worker has the job: nobody could renew the hold on it while the database was away. No worker died over it.
async fn survived(work: &Work, job: &ClaimedJob) {
    let mut backoff = Backoff::new(SHORTEST_PAUSE, SHORT_PAUSE);
    while let Err(error) = work::retract_crash(&work.source.pool, job).await {
        tracing::debug!(job = %job.id, %error, "failed to tell that a worker lives; retrying");
        tokio::time::sleep(backoff.pause()).await;
    }
}

/// Why an attempt at a job came to no end.
enum Unfinished {
    Error(LogError),
    Panicked,
    Stopping,
}

/// Runs a job in a task of its own, so that whatever it does, its hold is renewed beside it.
async fn attempt(
    work: &Work,
    job: &ClaimedJob,
    (done, total): (&Arc<AtomicI64>, Option<i64>),
    stopping: &mut watch::Receiver<bool>,
) -> Option<Result<JobOutcome, Unfinished>> {
    let mut task = JoinSet::new();
    let (w, j, d) = (work.clone(), job.clone(), done.clone());
    task.spawn(async move { execute(&w, &j, &d).await });
    tokio::select! {
        Some(ended) = task.join_next() => Some(match ended {
            Ok(ended) => ended.map_err(Unfinished::Error),
            Err(error) => {
                if let Ok(panic) = error.try_into_panic() {
                    tracing::error!(job = %job.id, panic = panic_message(&*panic), "a job panicked");
                }
                Err(Unfinished::Panicked)
            }
        }),
        ended = hold(&work.source, job, done, total) => ended.map(Ok),
        () = wait_for_stop(stopping) => Some(Err(Unfinished::Stopping)),
    }
}

/// Holds a job, and tells how far it is, until it is to end; none where another worker has taken it. A database that is
/// away for a moment ends nothing: the job itself finds out, or goes on.
async fn hold(
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
                tracing::debug!(job = %job.id, %error, "failed to renew the hold on a job");
            }
        }
    }
}

async fn execute(
    work: &Work,
    job: &ClaimedJob,
    done: &Arc<AtomicI64>,
) -> Result<JobOutcome, LogError> {
    let source = &work.source;
    let told = done.clone();
    let progress = move |position| told.store(position, Ordering::Relaxed);
    match &job.kind {
        JobKind::VerifyEvents => verify::verify(work, progress).await,
        JobKind::Import(file) => import::import_file(work, job.requested_by, *file, done).await,
        JobKind::Backup => backup::make(work, progress).await,
        JobKind::RepeatErasures => repeat_erasures::repeat_erasures(work).await,
        JobKind::EraseUser(id) => erase::erase_user(work, *id).await,
        JobKind::EraseKnowledgeBase(id) => erase_knowledge::erase_knowledge_base(work, *id).await,
        JobKind::RebuildProjection(name) => {
            let projectors = projectors();
            match projectors.iter().find(|one| one.name() == name) {
                Some(projector) => rebuild::rebuild(source, projector.as_ref(), progress)
                    .await
                    .map(|position| JobOutcome::Completed(json!({"position": position}))),
                None => Ok(JobOutcome::Failed(format!("there is no projection {name}"))),
            }
        }
    }
}
