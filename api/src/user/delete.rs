//! `DELETE /users/:id`

use domain::user::EraseUser;
use poem::Result;
use poem::http::StatusCode;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use projections::job::JobKind;
use projections::user::with_erasure;
use uuid::Uuid;

use super::{Tag, execute_guarded, find};
use crate::http::{Ctx, Problem, StartedJob};
use crate::job::{self, JobResource};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Users")]
impl Operation {
    /// Erases a user.
    ///
    /// Erases the account at once, and everything that the user owns in a job. This cannot be undone. Requires the
    /// admin role; administrators cannot erase themselves, and the last administrator cannot be erased.
    #[oai(path = "/users/:id", method = "delete", operation_id = "deleteUser")]
    async fn delete_user(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<StartedJob<JobResource>, Problem> {
        ctx.caller.require_admin()?;
        ctx.catch_up().await?;
        if ctx.find_repeated(b"").await?.is_some() {
            let job = job::find_requested(&ctx, &JobKind::EraseUser(id.0)).await?;
            return Ok(job::started_job(job));
        }
        require_other_user(&ctx, id.0).await?;
        let job = (ctx.clock.new_id(), ctx.caller.id);
        let erase = || {
            let execution = ctx.command(id.0, b"", EraseUser);
            with_erasure(execution, id.0, job)
        };
        execute_guarded(&ctx, id.0, erase).await?;
        ctx.forget_sessions();
        Ok(job::started_job(job::find(&ctx, job.0).await?))
    }
}

/// Fails if the user does not exist or is the caller.
async fn require_other_user(ctx: &Ctx, id: Uuid) -> Result<(), Problem> {
    let user = find(&ctx.app, id).await?;
    match user.id == ctx.caller.id {
        true => Err(Problem::new(
            StatusCode::CONFLICT,
            "yourself",
            "you cannot delete your own account; ask another administrator",
        )),
        false => Ok(()),
    }
}
