//! Jobs: work that may take longer than a request.

mod cancel;
mod get;
mod list;
mod stream;
mod wire;

use eventstore::ExecutorError;
use poem::Result;
use poem::http::StatusCode;
use poem_openapi::payload::Json;
use poem_openapi::{OpenApi, Tags};
use projections::job::{JobKind, JobView, queries};
use uuid::Uuid;

pub(crate) use self::wire::JobResource;
use crate::http::{Ctx, Problem, StartedJob};

/// The area of the contract.
#[derive(Tags)]
pub(crate) enum Tag {
    /// Work that takes longer than a request.
    Jobs,
}

/// The operations of this feature.
pub(crate) fn operations() -> impl OpenApi {
    (
        list::Operation,
        get::Operation,
        cancel::Operation,
        stream::Operation,
    )
}

/// Requests a job, once per idempotency key.
pub(crate) async fn request(ctx: &Ctx, kind: JobKind) -> Result<StartedJob<JobResource>, Problem> {
    let id = ctx.clock.new_id();
    let Some(key) = ctx.meta.idempotency(&ctx.caller, b"") else {
        let job = queries::request(&ctx.pool, id, ctx.caller.id, &kind).await;
        return Ok(started_job(job.map_err(request_problem)?));
    };
    let text = format!("{}\n{}", key.operation, key.key);
    let mac = ctx.keys.mac("job", text.as_bytes()).await?;
    let job = queries::request_once(&ctx.pool, id, ctx.caller.id, &kind, &mac).await;
    let job = job.map_err(request_problem)?;
    let other = || Problem::from(ExecutorError::IdempotencyMismatch);
    Ok(started_job(job.ok_or_else(other)?))
}

/// A unique index allows one import per user at a time, even with concurrent requests.
fn request_problem(error: sqlx::Error) -> Problem {
    match &error {
        sqlx::Error::Database(database) if database.is_unique_violation() => Problem::new(
            StatusCode::CONFLICT,
            "import_running",
            "another import of yours is running; wait until it has ended, or cancel it",
        ),
        _ => error.into(),
    }
}

pub(crate) fn started_job(job: JobView) -> StartedJob<JobResource> {
    let location = format!("/api/v1/jobs/{}", job.id);
    StartedJob::Accepted(Json(job.into()), location)
}

pub(crate) async fn find(ctx: &Ctx, id: Uuid) -> Result<JobView, Problem> {
    queries::find(&ctx.pool, ctx.caller.id, id)
        .await?
        .ok_or_else(Problem::not_found)
}

/// Finds the caller's newest job of a kind on its subject.
pub(crate) async fn find_requested(ctx: &Ctx, kind: &JobKind) -> Result<JobView, Problem> {
    queries::find_newest_requested(&ctx.pool, ctx.caller.id, kind)
        .await?
        .ok_or_else(Problem::not_found)
}

fn ended(job: &JobView) -> bool {
    job.ended_at.is_some()
}
