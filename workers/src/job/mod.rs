//! Jobs: taken one after the other by any process that projects, imports beside all others, begun anew where a worker died.

mod backup;
mod erase;
mod erase_knowledge;
mod repeat_erasures;
mod schedule;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use eventstore::chain::hex;
use eventstore::log::LogError;
use eventstore::{Executor, Files, idempotency, verify};
use projections::job::JobKind;
use projections::job::work::{self, BEAT, Ended, Lane, Taken};
use projections::{Progress, Source, projectors, rebuild};
use serde_json::json;
use sqlx::PgPool;
use tokio::task::JoinSet;

use crate::import;

pub use self::backup::Backups;
pub(crate) use self::erase::later;
pub use self::schedule::start_scheduling;

const POLL: Duration = Duration::from_millis(250);
/// How often old idempotency keys are removed.
const CLEAN: Duration = Duration::from_hours(1);
const PAUSE: Duration = Duration::from_secs(1);
/// Workers that a job may lose before it is given up.
const ATTEMPTS: i32 = 5;

/// What jobs are done with.
#[derive(Debug, Clone)]
pub struct Work {
    pub source: Source,
    pub executor: Executor,
    pub progress: Progress,
    pub files: Files,
    pub backups: Backups,
    /// The program whose `read-import` reads what is imported.
    pub program: PathBuf,
    /// Bytes of one file, and of the files of one person, at most.
    pub max_file: u64,
    pub file_quota: u64,
}

/// Starts to work. The task ends when the set is dropped.
pub fn start_working(work: Work) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(clean(work.source.pool.clone()));
    tasks.spawn(go_along(work.clone(), Lane::Imports));
    tasks.spawn(go_along(work, Lane::Others));
    tasks
}

/// Does the jobs of a lane, one after the other.
async fn go_along(work: Work, lane: Lane) {
    loop {
        match work::take(&work.source.pool, lane).await {
            Ok(Some(job)) => lead(&work, &job).await,
            Ok(None) => tokio::time::sleep(POLL).await,
            Err(error) => {
                tracing::warn!(%error, "jobs could not be read");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Forgets what nobody asks for any more.
async fn clean(pool: PgPool) {
    let mut tick = tokio::time::interval(CLEAN);
    loop {
        tick.tick().await;
        if let Err(error) = idempotency::prune(&pool).await {
            tracing::warn!(%error, "old idempotency keys were not removed");
        }
    }
}

/// Leads a job to its end. Where the database goes away, the job stays and is begun anew: never is it called done.
async fn lead(work: &Work, job: &Taken) {
    let source = &work.source;
    let done = Arc::new(AtomicI64::new(0));
    let total = (job.kind.unit() == "events").then(|| source.feed.head());
    let ended = tokio::select! {
        ended = execute(work, job, &done) => ended,
        ended = watch(source, job, &done, total) => ended,
    };
    let ended = match ended {
        Some(Err(LogError::Database(error))) if job.attempt < ATTEMPTS => {
            tracing::warn!(job = %job.id, %error, "a job was broken off; it is begun anew");
            return tokio::time::sleep(PAUSE).await;
        }
        Some(Err(error)) => {
            tracing::error!(job = %job.id, %error, "a job failed");
            Ended::Failed("it could not be done; the server's log says why".to_owned())
        }
        Some(Ok(ended)) => ended,
        // Another worker has it.
        None => return,
    };
    let total = total.unwrap_or_else(|| done.load(Ordering::Relaxed));
    if let Err(error) = work::end(&source.pool, job, &ended, total).await {
        tracing::warn!(job = %job.id, %error, "the end of a job was not written; it is begun anew");
    }
}

type Outcome = Option<Result<Ended, LogError>>;

/// Tells how far the job is until it is to end.
async fn watch(source: &Source, job: &Taken, done: &AtomicI64, total: Option<i64>) -> Outcome {
    let mut tick = tokio::time::interval(BEAT);
    loop {
        tick.tick().await;
        match work::beat(&source.pool, job, done.load(Ordering::Relaxed), total).await {
            Ok(Some(false)) => {}
            Ok(Some(true)) => return Some(Ok(Ended::Cancelled)),
            Ok(None) => return None,
            Err(error) => return Some(Err(error.into())),
        }
    }
}

async fn execute(work: &Work, job: &Taken, done: &Arc<AtomicI64>) -> Outcome {
    let source = &work.source;
    let told = done.clone();
    let progress = move |position| told.store(position, Ordering::Relaxed);
    let ended = match &job.kind {
        JobKind::VerifyEvents => verify::verify(&source.pool, &source.log, progress)
            .await
            .map_err(LogError::from)
            .map(|found| {
                let broken = found
                    .broken
                    .map(|(position, reason)| json!({"position": position, "reason": reason}));
                Ended::Completed(json!({
                    "events": found.events, "hash": hex(&found.hash), "broken": broken,
                }))
            }),
        JobKind::Import(file) => import::import(work, job.requested_by, *file, done).await,
        JobKind::Backup => backup::make(work, progress).await,
        JobKind::RepeatErasures => repeat_erasures::repeat_erasures(work).await,
        JobKind::EraseUser(id) => erase::erase_user(work, *id).await,
        JobKind::EraseKnowledgeBase(id) => erase_knowledge::erase_knowledge_base(work, *id).await,
        JobKind::RebuildProjection(name) => {
            let projectors = projectors();
            match projectors.iter().find(|one| one.name() == name) {
                Some(projector) => rebuild::rebuild(source, projector.as_ref(), progress)
                    .await
                    .map(|position| Ended::Completed(json!({"position": position}))),
                None => Ok(Ended::Failed(format!("there is no projection {name}"))),
            }
        }
    };
    Some(ended)
}
