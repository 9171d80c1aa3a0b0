//! Processing of jobs: one worker claims a job, holds it with heartbeats, and ends it once.

use std::time::Duration;

use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

use super::{JobKind, JobStatus};

/// How often a worker records a heartbeat and its progress.
pub const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(1);

/// Jobs in one lane run one after another. Imports have their own, since a backup must not wait an hour for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobLane {
    Imports,
    Others,
}

/// A job that a worker has claimed.
#[derive(Debug, Clone)]
pub struct ClaimedJob {
    pub id: Uuid,
    pub kind: JobKind,
    pub requested_by: Uuid,
    /// Counts the attempts. Only the last one may change the job.
    pub attempt: i32,
    /// Counts the workers that died during the job.
    pub crashes: i32,
}

/// How a job ended.
#[derive(Debug, Clone, PartialEq)]
pub enum JobOutcome {
    Completed(Value),
    Failed(String),
    Cancelled,
}

/// Claims the oldest job of a lane that waits or whose worker has died. Kinds that this version does not support are left
/// to one that does.
pub async fn claim(pool: &PgPool, lane: JobLane) -> Result<Option<ClaimedJob>, sqlx::Error> {
    let row = sqlx::query!(
        "update jobs set status = 'running', attempts = attempts + 1, done = 0,
                crashes = crashes + (held_until is not null)::integer,
                started_at = coalesce(started_at, clock_timestamp()),
                held_until = clock_timestamp() + interval '10 seconds', not_before = null
         where id = (select id from jobs
                     where ended_at is null and (held_until is null or held_until < clock_timestamp())
                       and (not_before is null or not_before < clock_timestamp())
                       and (kind = 'import') = $1 and kind = any($2)
                     order by created_at limit 1 for update skip locked)
         returning id, kind, subject, requested_by, attempts, crashes",
        lane == JobLane::Imports,
        &JobKind::NAMES.map(str::to_owned)
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.and_then(|row| {
        Some(ClaimedJob {
            id: row.id,
            kind: JobKind::parse(&row.kind, row.subject)?,
            requested_by: row.requested_by,
            attempt: row.attempts,
            crashes: row.crashes,
        })
    }))
}

/// Puts a job back into the queue for another attempt after a pause, without counting a crash. Returns false if another
/// worker holds it now.
pub async fn requeue(
    pool: &PgPool,
    job: &ClaimedJob,
    pause: Duration,
) -> Result<bool, sqlx::Error> {
    let requeued = sqlx::query!(
        "update jobs set status = 'queued', held_until = null,
                not_before = clock_timestamp() + make_interval(secs => $3)
         where id = $1 and attempts = $2 and ended_at is null",
        job.id,
        job.attempt,
        pause.as_secs_f64()
    )
    .execute(pool)
    .await?;
    Ok(requeued.rows_affected() == 1)
}

/// Retracts a crash: the worker is still alive, but another one has claimed the job meanwhile.
pub async fn retract_crash(pool: &PgPool, job: &ClaimedJob) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update jobs set crashes = greatest(crashes - 1, 0) where id = $1 and attempts > $2 and ended_at is null",
        job.id,
        job.attempt
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Records a heartbeat with the progress. Returns whether the job is to be cancelled, or `None` if another worker holds it
/// now.
pub async fn record_heartbeat(
    pool: &PgPool,
    job: &ClaimedJob,
    done: i64,
    total: Option<i64>,
) -> Result<Option<bool>, sqlx::Error> {
    sqlx::query_scalar!(
        "update jobs set done = $3, total = $4, held_until = clock_timestamp() + interval '10 seconds'
         where id = $1 and attempts = $2 and ended_at is null returning cancelling",
        job.id,
        job.attempt,
        done,
        total
    )
    .fetch_optional(pool)
    .await
}

/// Ends a job and records its total. Returns false if another worker holds it now.
pub async fn end(
    pool: &PgPool,
    job: &ClaimedJob,
    outcome: &JobOutcome,
    total: i64,
) -> Result<bool, sqlx::Error> {
    let (status, result, error) = match outcome {
        JobOutcome::Completed(result) => (JobStatus::Completed, Some(result), None),
        JobOutcome::Failed(error) => (JobStatus::Failed, None, Some(error.as_str())),
        JobOutcome::Cancelled => (JobStatus::Cancelled, None, None),
    };
    let ended = sqlx::query!(
        "update jobs set status = $3, result = $4, error = $5, ended_at = clock_timestamp(), total = $6,
                done = case when $3 = 'completed' then $6 else done end
         where id = $1 and attempts = $2 and ended_at is null",
        job.id,
        job.attempt,
        status.into_str(),
        result as Option<&Value>,
        error,
        total
    )
    .execute(pool)
    .await?;
    Ok(ended.rows_affected() == 1)
}
