//! Requests and queries of jobs. A job belongs to its requester.

use serde::{Deserialize, Serialize};
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

use super::view::{JobKind, JobView, query_jobs};
use crate::counts::to_i64;
use crate::page::Page;

/// The key of the last job of a page.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct JobKey {
    id: Uuid,
}

/// Requests a job, optionally within a transaction.
pub async fn request(
    executor: impl PgExecutor<'_>,
    id: Uuid,
    requested_by: Uuid,
    kind: &JobKind,
) -> Result<JobView, sqlx::Error> {
    let (name, subject) = kind.name();
    query_jobs!(
        "insert into jobs (id, kind, subject, requested_by, unit) values ($1, $2, $3, $4, $5)
         returning",
        "",
        id,
        name,
        subject,
        requested_by,
        kind.unit()
    )
    .fetch_one(executor)
    .await
}

/// Requests a job, or finds the one that the same request created within the last 24 hours. Returns `None` if that was a
/// different job.
pub async fn request_once(
    pool: &PgPool,
    id: Uuid,
    requested_by: Uuid,
    kind: &JobKind,
    request_mac: &[u8],
) -> Result<Option<JobView>, sqlx::Error> {
    sqlx::query!(
        "update jobs set request_mac = null
         where requested_by = $1 and request_mac = $2 and created_at < clock_timestamp() - interval '24 hours'",
        requested_by,
        request_mac
    )
    .execute(pool)
    .await?;
    let (name, subject) = kind.name();
    sqlx::query!(
        "insert into jobs (id, kind, subject, requested_by, unit, request_mac) values ($1, $2, $3, $4, $5, $6)
         on conflict (requested_by, request_mac) where request_mac is not null do nothing",
        id,
        name,
        subject,
        requested_by,
        kind.unit(),
        request_mac
    )
    .execute(pool)
    .await?;
    let job = query_jobs!(
        "select",
        "from jobs where requested_by = $1 and request_mac = $2",
        requested_by,
        request_mac
    )
    .fetch_one(pool)
    .await?;
    Ok(Some(job).filter(|job| job.kind == name && job.subject == subject))
}

pub async fn find(pool: &PgPool, reader: Uuid, id: Uuid) -> Result<Option<JobView>, sqlx::Error> {
    query_jobs!(
        "select",
        "from jobs where id = $1 and requested_by = $2",
        id,
        reader
    )
    .fetch_optional(pool)
    .await
}

/// Finds the reader's newest job of a kind on its subject.
pub async fn find_newest_requested(
    pool: &PgPool,
    reader: Uuid,
    kind: &JobKind,
) -> Result<Option<JobView>, sqlx::Error> {
    let (name, subject) = kind.name();
    query_jobs!(
        "select",
        "from jobs where requested_by = $1 and kind = $2 and subject is not distinct from $3
         order by id desc limit 1",
        reader,
        name,
        subject
    )
    .fetch_optional(pool)
    .await
}

/// Lists the reader's jobs, newest first.
pub async fn list(
    pool: &PgPool,
    reader: Uuid,
    after: Option<JobKey>,
    limit: usize,
) -> Result<Page<JobView, JobKey>, sqlx::Error> {
    let rows = query_jobs!(
        "select",
        "from jobs where requested_by = $1 and ($2::uuid is null or id < $2) order by id desc limit $3",
        reader,
        after.map(|key| key.id),
        to_i64(limit + 1)
    )
    .fetch_all(pool)
    .await?;
    Ok(Page::from_rows(rows, limit, |row| JobKey { id: row.id }))
}

/// Finds the newest job of a kind by any requester.
pub async fn find_newest(pool: &PgPool, kind: &JobKind) -> Result<Option<JobView>, sqlx::Error> {
    let (name, _) = kind.name();
    query_jobs!(
        "select",
        "from jobs where kind = $1 order by id desc limit 1",
        name
    )
    .fetch_optional(pool)
    .await
}

/// Cancels open jobs of a kind that no worker will continue.
pub async fn cancel_open(executor: impl PgExecutor<'_>, kind: &JobKind) -> Result<(), sqlx::Error> {
    let (name, _) = kind.name();
    sqlx::query!(
        "update jobs set status = 'cancelled', ended_at = clock_timestamp() where kind = $1 and ended_at is null",
        name
    )
    .execute(executor)
    .await?;
    Ok(())
}

/// Clears the results of a user's jobs, which may quote texts of the user, and cancels a running import.
pub async fn clear_results(
    executor: impl PgExecutor<'_>,
    user_id: Uuid,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update jobs set result = null, error = null, cancelling = cancelling or (kind = 'import' and ended_at is null)
         where requested_by = $1",
        user_id
    )
    .execute(executor)
    .await?;
    Ok(())
}

/// Deletes jobs that ended more than 30 days ago, except the newest of each kind, by which the next backup is scheduled.
pub async fn prune(pool: &PgPool) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from jobs j where j.ended_at < clock_timestamp() - interval '30 days'
         and exists (select from jobs newer where newer.kind = j.kind and newer.id > j.id)"
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Counts the jobs that have not ended.
pub async fn count_open(pool: &PgPool) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"select count(*) as "count!" from jobs where ended_at is null"#)
        .fetch_one(pool)
        .await
}

/// Cancels a job. A queued one ends at once. Returns `None` if it has already ended.
pub async fn cancel(pool: &PgPool, reader: Uuid, id: Uuid) -> Result<Option<JobView>, sqlx::Error> {
    query_jobs!(
        "update jobs set cancelling = true,
                status = case when status = 'queued' then 'cancelled' else status end,
                ended_at = case when status = 'queued' then clock_timestamp() end
         where id = $1 and requested_by = $2 and ended_at is null
         returning",
        "",
        id,
        reader
    )
    .fetch_optional(pool)
    .await
}
