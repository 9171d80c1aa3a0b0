//! `POST /auth/refresh`

use std::sync::Arc;

use domain::user::{EndSession, SessionEnd};
use eventstore::Execution;
use eventstore::command::{Via, step};
use poem::Result;
use poem::web::Data;
use poem::web::cookie::CookieJar;
use poem_openapi::OpenApi;
use projections::user::sessions::{self, RefreshToken, Rotation};
use projections::user::{UserView, queries};
use uuid::Uuid;

use super::wire::Refresh;
use super::wire::TokenPair;
use super::{Tag, start};
use crate::http::{Body, CREDENTIALS, Problem, RequestMeta, Unversioned};
use crate::state::App;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Auth")]
impl Operation {
    /// Exchanges a refresh token for new tokens.
    ///
    /// The refresh token comes in the body or in the cookie. Each refresh token is used once; the use of an old one
    /// ends the session.
    #[oai(path = "/auth/refresh", method = "post", operation_id = "refresh")]
    async fn refresh(
        &self,
        app: Data<&Arc<App>>,
        meta: RequestMeta,
        jar: &CookieJar,
        body: Body<Refresh, CREDENTIALS>,
    ) -> Result<Unversioned<TokenPair>, Problem> {
        let cookie = body.value.refresh_token.is_none();
        let token = body.value.refresh_token;
        let token = token.or_else(|| start::cookie_token(jar));
        let token = token.ok_or_else(refused)?;
        let rotated = claim_refresh_token(&app, &meta, &token).await?;
        let user = find_active_user(&app, rotated.user_id).await?;
        let position = app.progress.position().await?;
        let (session_id, token) = (rotated.session_id, &rotated.token);
        let pair = start::token_pair(&app, jar, user, session_id, token, cookie)?;
        Ok(Unversioned::new(pair, position))
    }
}

/// A refresh token that was exchanged for a new one.
struct RotatedToken {
    session_id: Uuid,
    user_id: Uuid,
    token: RefreshToken,
}

/// Exchanges a refresh token. Ends its session if the token was used before.
async fn claim_refresh_token(
    app: &App,
    meta: &RequestMeta,
    token: &str,
) -> Result<RotatedToken, Problem> {
    let device = start::device(app, meta);
    match sessions::rotate(&app.pool, &app.refresh_key, token, &device).await? {
        Rotation::Rotated {
            session_id,
            user_id,
            token,
        } => Ok(RotatedToken {
            session_id,
            user_id,
            token,
        }),
        Rotation::Reused {
            session_id,
            user_id,
        } => {
            end_reused_session(app, meta, user_id, session_id).await?;
            Err(start::token_reused())
        }
        Rotation::RevokedForReuse => Err(start::token_reused()),
        // Only invalid tokens count, because many people may share an address.
        Rotation::Invalid => {
            let guess = app.limits.try_token(meta.address, &meta.allowance);
            drop(guess.await?);
            Err(refused())
        }
    }
}

async fn end_reused_session(
    app: &App,
    meta: &RequestMeta,
    user_id: Uuid,
    session_id: Uuid,
) -> Result<(), Problem> {
    app.forget_sessions();
    let command = EndSession {
        session_id,
        cause: SessionEnd::TokenReuse,
    };
    let steps = vec![step(user_id, None, command)];
    let execution = Execution::new(meta.context_for(user_id, Via::Api), steps);
    app.execute(user_id, execution).await?;
    Ok(())
}

/// Finds the user of a valid session, unless suspended.
async fn find_active_user(app: &App, id: Uuid) -> Result<UserView, Problem> {
    // The view may not show the user yet. A retry gets the same token.
    let user = queries::find(&app.pool, id).await?.ok_or_else(|| {
        Problem::unavailable(
            "projection_behind",
            "the server is still catching up; try again",
        )
    })?;
    match user.suspended {
        true => Err(refused()),
        false => Ok(user),
    }
}

fn refused() -> Problem {
    Problem::unauthorized("the refresh token is invalid or has expired; log in again")
}
