//! `DELETE /auth/sessions/:id`

use domain::user::SessionEnd;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use projections::user::sessions::{self};
use uuid::Uuid;

use super::{Tag, end};
use crate::http::{Ctx, NoContent, Problem};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Auth")]
impl Operation {
    /// Ends a session of the caller.
    ///
    /// The tokens of that session stop working.
    #[oai(
        path = "/auth/sessions/:id",
        method = "delete",
        operation_id = "endSession"
    )]
    async fn end_session(&self, ctx: Ctx, id: Path<Uuid>) -> Result<NoContent, Problem> {
        let key = ctx.meta.idempotency(&ctx.caller, b"");
        if let Some(first) = ctx.app.find_repeated(key.clone()).await? {
            return Ok(NoContent::at(first.position));
        }
        let own = sessions::list(&ctx.pool, ctx.caller.id).await?;
        if own.iter().all(|session| session.id != id.0) {
            return Err(Problem::not_found());
        }
        let ended = (id.0, SessionEnd::Revoked);
        end(&ctx, ended, key).await
    }
}
