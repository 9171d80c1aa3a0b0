//! `POST /events/verify`

use poem::Result;
use poem_openapi::OpenApi;
use projections::job::JobKind;

use super::Tag;
use crate::http::{Ctx, Problem, StartedJob};
use crate::job::{self, JobResource};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Log")]
impl Operation {
    /// Starts a verification of the log.
    ///
    /// A job recomputes the hash chain and compares it with its anchors, the backups and the read models. Its result
    /// names the first position that does not match, and why. Requires the admin role.
    #[oai(
        path = "/events/verify",
        method = "post",
        operation_id = "verifyEvents"
    )]
    async fn verify_events(&self, ctx: Ctx) -> Result<StartedJob<JobResource>, Problem> {
        ctx.caller.require_admin()?;
        job::request(&ctx, JobKind::VerifyEvents).await
    }
}
