//! `DELETE /auth/sessions`

use domain::user::SessionEnd;
use poem::Result;
use poem_openapi::OpenApi;
use projections::user::sessions::{self};

use super::{Tag, end};
use crate::http::{Ctx, NoContent, Problem};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Auth")]
impl Operation {
    /// Ends all sessions of the caller.
    ///
    /// The current session ends as well.
    #[oai(
        path = "/auth/sessions",
        method = "delete",
        operation_id = "endAllSessions"
    )]
    async fn end_all_sessions(&self, ctx: Ctx) -> Result<NoContent, Problem> {
        let mut position = 0;
        for session in sessions::list(&ctx.pool, ctx.caller.id).await? {
            let ended = (session.id, SessionEnd::Revoked);
            end(&ctx, ended, None).await?;
            position = ctx.feed.head();
        }
        Ok(NoContent::at(position))
    }
}
