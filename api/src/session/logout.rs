//! `POST /auth/logout`

use domain::user::SessionEnd;
use poem::Result;
use poem::web::cookie::CookieJar;
use poem_openapi::OpenApi;

use super::start;
use super::{Tag, end};
use crate::http::{Ctx, NoContent, Problem};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Auth")]
impl Operation {
    /// Ends the current session.
    ///
    /// The access token and the refresh token of the session stop working.
    #[oai(path = "/auth/logout", method = "post", operation_id = "logout")]
    async fn logout(&self, ctx: Ctx, jar: &CookieJar) -> Result<NoContent, Problem> {
        start::clear_cookie(&ctx.app, jar);
        let Some(session_id) = ctx.caller.session else {
            return Ok(NoContent::at(0));
        };
        let ended = (session_id, SessionEnd::LoggedOut);
        end(&ctx, ended, None).await
    }
}
