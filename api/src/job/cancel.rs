//! `POST /jobs/:id/cancel`

use poem::Result;
use poem::http::StatusCode;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use projections::job::{JobStatus, queries};
use uuid::Uuid;

use super::wire::JobResource;
use super::{Tag, find, started_job};
use crate::http::{Ctx, Problem, StartedJob};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Jobs")]
impl Operation {
    /// Cancels a job.
    ///
    /// Asks the job to stop. Whatever it has done so far has no effect.
    #[oai(path = "/jobs/:id/cancel", method = "post", operation_id = "cancelJob")]
    async fn cancel_job(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<StartedJob<JobResource>, Problem> {
        find(&ctx, id.0).await?;
        if let Some(job) = queries::cancel(&ctx.pool, ctx.caller.id, id.0).await? {
            return Ok(started_job(job));
        }
        let job = find(&ctx, id.0).await?;
        // A repeated cancellation succeeds.
        match *job.status == JobStatus::Cancelled {
            true => Ok(started_job(job)),
            false => Err(already_ended()),
        }
    }
}

fn already_ended() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "already_ended",
        "the job has already ended",
    )
}
