//! `GET /auth/sessions`

use poem::Result;
use poem_openapi::OpenApi;
use projections::user::agent;
use projections::user::sessions::{self, SessionView};

use super::Tag;
use super::wire::SessionResource;
use crate::http::{Ctx, List, Problem, Unversioned};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Auth")]
impl Operation {
    /// Lists the sessions of the caller.
    ///
    /// One entry for each device or browser that is logged in; `current` marks the session of this request.
    #[oai(path = "/auth/sessions", method = "get", operation_id = "listSessions")]
    async fn list_sessions(&self, ctx: Ctx) -> Result<Unversioned<List<SessionResource>>, Problem> {
        let position = ctx.read_position().await?;
        let mut shown: Vec<SessionResource> = vec![];
        for session in sessions::list(&ctx.pool, ctx.caller.id).await? {
            shown.push(show(&ctx, session).await?);
        }
        Ok(Unversioned::new(List::single_page(shown), position))
    }
}

/// Shows a session of the caller, with its user agent decrypted.
async fn show(ctx: &Ctx, session: SessionView) -> Result<SessionResource, Problem> {
    let user_agent = match &session.user_agent {
        Some(sealed) => {
            agent::open((&ctx.log, &ctx.keys), (ctx.caller.id, session.id), sealed).await?
        }
        None => None,
    };
    Ok(SessionResource {
        current: Some(session.id) == ctx.caller.session,
        id: session.id,
        created_at: session.created_at,
        used_at: session.used_at,
        user_agent,
    })
}
