//! Doing jobs: taken by one worker, held while it beats, ended once.

use std::time::Duration;

use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

use super::JobKind;

/// How often a worker tells that it lives, and how far it is.
pub const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(1);

/// Which jobs wait for each other: an import may take an hour, and no backup waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobLane {
    Imports,
    Others,
}

/// A job that a worker has taken.
#[derive(Debug, Clone)]
pub struct ClaimedJob {
    pub id: Uuid,
    pub kind: JobKind,
    pub requested_by: Uuid,
    /// Counts the tries; only the last one may change it.
    pub attempt: i32,
    /// Counts the workers that died over it.
    pub crashes: i32,
}

/// How a job ended.
#[derive(Debug, Clone, PartialEq)]
pub enum JobOutcome {
    Completed(Value),
    Failed(String),
    Cancelled,
}

/// Takes the oldest job that waits, or whose worker has died: of imports, or of all others. Jobs of kinds that this
/// version does not know are left to one that does.
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

/// Puts a job back that is to be tried again, not before a pause has passed. Its worker lives: nobody counts a crash.
/// False where another worker has it by now.
pub async fn requeue(
    pool: &PgPool,
    job: &ClaimedJob,
    pause: Duration,
) -> Result<bool, sqlx::Error> {
    let back = sqlx::query!(
        "update jobs set status = 'queued', held_until = null,
                not_before = clock_timestamp() + make_interval(secs => $3)
         where id = $1 and attempts = $2 and ended_at is null",
        job.id,
        job.attempt,
        pause.as_secs_f64()
    )
    .execute(pool)
    .await?;
    Ok(back.rows_affected() == 1)
}

/// Takes back that a worker died over a job: it lives, and another one has taken the job over meanwhile.
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

/// Tells how far a job is, and hears whether it is to end; none where another worker has it by now.
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

/// Ends a job, of which there was so much to do. False where another worker has it by now.
pub async fn end(
    pool: &PgPool,
    job: &ClaimedJob,
    ended: &JobOutcome,
    total: i64,
) -> Result<bool, sqlx::Error> {
    let (status, result, error) = match ended {
        JobOutcome::Completed(result) => ("completed", Some(result), None),
        JobOutcome::Failed(error) => ("failed", None, Some(error.as_str())),
        JobOutcome::Cancelled => ("cancelled", None, None),
    };
    let done = sqlx::query!(
        "update jobs set status = $3, result = $4, error = $5, ended_at = clock_timestamp(), total = $6,
                done = case when $3 = 'completed' then $6 else done end
         where id = $1 and attempts = $2 and ended_at is null",
        job.id,
        job.attempt,
        status,
        result as Option<&Value>,
        error,
        total
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}
