//! `DELETE /users/:id`

use domain::user::{User, UserCommand};
use eventstore::executor::step;
use poem::Result;
use poem::http::StatusCode;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use projections::user::with_erasure;
use uuid::Uuid;

use super::{execute_guarded, find};
use crate::http::{Ctx, Problem, StartedJob, Tag};
use crate::job::{self, JobResource};

#[derive(Debug, Clone, Copy)]
pub struct Operation;

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
        let caller = &ctx.caller;
        caller.require_admin()?;
        ctx.catch_up().await?;
        if ctx.find_repeated(b"").await?.is_some() {
            let job = job::find_erasure(&ctx, id.0).await?;
            return Ok(job::started_job(job));
        }
        let user = find(&ctx.app, id.0).await?;
        if user.id == caller.id {
            return Err(Problem::new(
                StatusCode::CONFLICT,
                "yourself",
                "you cannot delete your own account; ask another administrator",
            ));
        }
        let job = (Uuid::now_v7(), caller.id);
        let erase = || {
            let command = UserCommand::EraseUser {};
            let steps = vec![step::<User>(id.0, ctx.meta.expected(), command)];
            with_erasure(ctx.execution(b"", steps), id.0, job)
        };
        execute_guarded(&ctx, id.0, erase).await?;
        ctx.app.forget_sessions();
        Ok(job::started_job(job::find(&ctx, job.0).await?))
    }
}
