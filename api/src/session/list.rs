//! `GET /auth/sessions`

use poem::Result;
use poem_openapi::OpenApi;
use projections::user::agent;
use projections::user::sessions::{self};

use super::wire::SessionResource;
use crate::http::{Ctx, List, Problem, Tag, Unversioned};

#[derive(Debug, Clone, Copy)]
pub struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Auth")]
impl Operation {
    /// Lists the sessions of the caller.
    ///
    /// One entry for each device or browser that is logged in; `current` marks the session of this request.
    #[oai(path = "/auth/sessions", method = "get", operation_id = "listSessions")]
    async fn list_sessions(&self, ctx: Ctx) -> Result<Unversioned<List<SessionResource>>, Problem> {
        let position = ctx.read_position().await?;
        let sessions = sessions::list(&ctx.pool, ctx.caller.id).await?;
        let mut items = Vec::with_capacity(sessions.len());
        for session in sessions {
            let user_agent = match &session.user_agent {
                Some(sealed) => {
                    agent::open((&ctx.log, &ctx.keys), (ctx.caller.id, session.id), sealed).await?
                }
                None => None,
            };
            items.push(SessionResource {
                current: Some(session.id) == ctx.caller.session,
                id: session.id,
                created_at: session.created_at,
                used_at: session.used_at,
                user_agent,
            });
        }
        let list = List {
            items,
            next_cursor: None,
        };
        Ok(Unversioned::new(list, position))
    }
}
