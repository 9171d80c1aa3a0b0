//! `POST /auth/refresh`

use std::sync::Arc;

use domain::user::{SessionEnd, User, UserCommand};
use eventstore::Execution;
use eventstore::executor::{Via, step};
use poem::Result;
use poem::web::Data;
use poem::web::cookie::CookieJar;
use poem_openapi::OpenApi;
use projections::user::queries;
use projections::user::sessions::{self, Rotation};

use super::start;
use super::wire::Refresh;
use super::wire::TokenPair;
use crate::http::{Body, CREDENTIALS, Problem, RequestMeta, Tag, Unversioned};
use crate::state::App;

#[derive(Debug, Clone, Copy)]
pub struct Operation;

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
        let refused =
            || Problem::unauthorized("the refresh token is invalid or has expired; log in again");
        let cookie = body.value.refresh_token.is_none();
        let token = body
            .value
            .refresh_token
            .or_else(|| start::cookie_token(jar))
            .ok_or_else(refused)?;
        let device = start::device(&app, &meta);
        match sessions::rotate(&app.pool, &app.refresh_key, &token, &device).await? {
            Rotation::Rotated {
                session_id,
                user_id,
                token,
            } => {
                // The session is valid, but the view may not show the user yet. A retry gets the same token.
                let user = queries::find(&app.pool, user_id).await?.ok_or_else(|| {
                    Problem::unavailable(
                        "projection_behind",
                        "the server is still catching up; try again",
                    )
                })?;
                let user = Some(user)
                    .filter(|user| !user.suspended)
                    .ok_or_else(refused)?;
                let position = app.progress.position().await?;
                let pair = start::token_pair(&app, jar, user, session_id, &token, cookie)?;
                Ok(Unversioned::new(pair, position))
            }
            Rotation::Reused {
                session_id,
                user_id,
            } => {
                app.forget_sessions();
                let command = UserCommand::EndSession {
                    session_id,
                    cause: SessionEnd::TokenReuse,
                };
                let steps = vec![step::<User>(user_id, None, command)];
                app.execute(
                    user_id,
                    Execution::new(meta.context_for(user_id, Via::Api), steps),
                )
                .await?;
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
}
