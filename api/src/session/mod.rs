//! Registration, login, refresh and logout.

mod request;
mod start;

use std::sync::Arc;

use domain::user::{Origin, Role, SessionEnd, User, UserCommand};
use eventstore::Execution;
use eventstore::executor::{Via, step};
use eventstore::idempotency::Idempotency;
use poem::Result;
use poem::http::StatusCode;
use poem::web::Data;
use poem::web::cookie::CookieJar;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use projections::user::sessions::{self, Rotation};
use projections::user::{agent, credentials, queries};
use uuid::Uuid;

pub(crate) use self::request::TokenPair;
use self::request::{Login, Refresh, Register, SessionResource};
pub(crate) use self::start::{require_cookie_support, start_session};
use crate::account;
use crate::auth::Auth;
use crate::body::{Body, CREDENTIALS};
use crate::hosts;
use crate::problem::Problem;
use crate::reply::{List, NoContent, Unversioned};
use crate::request_meta::{BrowserContext, RequestMeta};
use crate::state::{App, Registration};
use crate::tag::Tag;

#[derive(Debug, Clone, Copy)]
pub struct SessionApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Auth")]
impl SessionApi {
    /// Registers a new user.
    ///
    /// Available if the operator allows registration. Starts a session of the new user.
    #[oai(path = "/auth/register", method = "post", operation_id = "register")]
    async fn register(
        &self,
        app: Data<&Arc<App>>,
        meta: RequestMeta,
        browser: BrowserContext,
        jar: &CookieJar,
        body: Body<Register, CREDENTIALS>,
    ) -> Result<Unversioned<TokenPair>, Problem> {
        require_cookie_support(&app, &browser, body.value.cookie)?;
        if !credentials::is_set_up(&app.pool).await? {
            return Err(Problem::new(
                StatusCode::CONFLICT,
                "setup_required",
                "complete the setup first: open the link that the server printed at its start",
            ));
        }
        // Otherwise a page that uses DNS rebinding could create an account.
        if let Some(host) = &browser.unverified_host {
            return Err(hosts::misdirected(host));
        }
        if app.settings.registration == Registration::Closed {
            return Err(Problem::new(
                StatusCode::FORBIDDEN,
                "registration_closed",
                "registration is closed; ask an administrator for an account",
            ));
        }
        // Validate before anything is counted or hashed.
        let password = account::check_new_password("/password", body.value.password)?;
        account::parse_email("/email", &body.value.email)?;
        let attempt = app.limits.try_sign_up(meta.address, &meta.allowance);
        let attempt = attempt.await?;
        let user_id = Uuid::now_v7();
        let account = account::NewAccount {
            user_id,
            role: Role::User,
            email: body.value.email,
            display_name: body.value.display_name,
            password,
            origin: Origin::Registration,
        };
        let registration =
            account::registration(account, meta.context_for(user_id, Via::Api)).await?;
        let started =
            start_session(&app, &meta, jar, user_id, registration, body.value.cookie).await;
        // Only a reply that reveals the existence of an account counts.
        if !matches!(&started, Err(problem) if problem.code == "email_taken") {
            attempt.refund();
        }
        started
    }

    /// Logs in with email and password.
    ///
    /// Starts a session. With `cookie: true` the refresh token is set as an `HttpOnly` cookie and is not part of the
    /// body.
    #[oai(path = "/auth/login", method = "post", operation_id = "login")]
    async fn login(
        &self,
        app: Data<&Arc<App>>,
        meta: RequestMeta,
        browser: BrowserContext,
        jar: &CookieJar,
        body: Body<Login, CREDENTIALS>,
    ) -> Result<Unversioned<TokenPair>, Problem> {
        require_cookie_support(&app, &browser, body.value.cookie)?;
        // Validate before anything is counted or hashed.
        let password = account::check_password_size("/password", body.value.password)?;
        let comparable = account::parse_email("/email", &body.value.email)?;
        let attempt = app
            .limits
            .try_password(&comparable, meta.address, &meta.allowance)
            .await?;
        let found = find_by_password(&app, &comparable, password).await;
        // Unknown addresses, wrong passwords and suspended accounts look alike and count; server errors do not.
        if !matches!(found, Ok(None)) {
            attempt.refund();
        }
        let refused = || Problem::unauthorized("email or password is incorrect");
        let user_id = found?.ok_or_else(refused)?;
        let login = Execution::new(meta.context_for(user_id, Via::Api), vec![]);
        start_session(&app, &meta, jar, user_id, login, body.value.cookie).await
    }

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

    /// Ends the current session.
    ///
    /// The access token and the refresh token of the session stop working.
    #[oai(path = "/auth/logout", method = "post", operation_id = "logout")]
    async fn logout(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        jar: &CookieJar,
    ) -> Result<NoContent, Problem> {
        start::clear_cookie(&app, jar);
        let Some(session_id) = auth.0.session else {
            return Ok(NoContent::at(0));
        };
        let ended = (session_id, SessionEnd::LoggedOut);
        self.end(&app, &auth, &meta, ended, None).await
    }

    /// Lists the sessions of the caller.
    ///
    /// One entry for each device or browser that is logged in; `current` marks the session of this request.
    #[oai(path = "/auth/sessions", method = "get", operation_id = "listSessions")]
    async fn list_sessions(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
    ) -> Result<Unversioned<List<SessionResource>>, Problem> {
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        let sessions = sessions::list(&app.pool, auth.0.id).await?;
        let mut items = Vec::with_capacity(sessions.len());
        for session in sessions {
            let user_agent = match &session.user_agent {
                Some(sealed) => {
                    agent::open((&app.log, &app.keys), (auth.0.id, session.id), sealed).await?
                }
                None => None,
            };
            items.push(SessionResource {
                current: Some(session.id) == auth.0.session,
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

    /// Ends all sessions of the caller.
    ///
    /// The current session ends as well.
    #[oai(
        path = "/auth/sessions",
        method = "delete",
        operation_id = "endAllSessions"
    )]
    async fn end_all_sessions(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
    ) -> Result<NoContent, Problem> {
        let mut position = 0;
        for session in sessions::list(&app.pool, auth.0.id).await? {
            let ended = (session.id, SessionEnd::Revoked);
            self.end(&app, &auth, &meta, ended, None).await?;
            position = app.feed.head();
        }
        Ok(NoContent::at(position))
    }

    /// Ends a session of the caller.
    ///
    /// The tokens of that session stop working.
    #[oai(
        path = "/auth/sessions/:id",
        method = "delete",
        operation_id = "endSession"
    )]
    async fn end_session(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<NoContent, Problem> {
        let key = meta.idempotency(&auth.0, b"");
        if let Some(first) = app.find_repeated(key.clone()).await? {
            return Ok(NoContent::at(first.position));
        }
        let own = sessions::list(&app.pool, auth.0.id).await?;
        if own.iter().all(|session| session.id != id.0) {
            return Err(Problem::not_found());
        }
        let ended = (id.0, SessionEnd::Revoked);
        self.end(&app, &auth, &meta, ended, key).await
    }
}

/// Finds the user with an email address and password, unless suspended.
async fn find_by_password(
    app: &App,
    comparable: &str,
    password: String,
) -> Result<Option<Uuid>, Problem> {
    let mac = app.keys.mac("email", comparable.as_bytes()).await?;
    let user_id = queries::find_by_email(&app.pool, &mac).await?;
    let matches = credentials::verify(&app.pool, user_id, password).await?;
    let Some(user_id) = user_id.filter(|_| matches) else {
        return Ok(None);
    };
    let user = queries::find(&app.pool, user_id).await?;
    Ok(user.filter(|user| !user.suspended).map(|user| user.id))
}

impl SessionApi {
    async fn end(
        &self,
        app: &App,
        auth: &Auth,
        meta: &RequestMeta,
        (session_id, cause): (Uuid, SessionEnd),
        key: Option<Idempotency>,
    ) -> Result<NoContent, Problem> {
        let command = UserCommand::EndSession { session_id, cause };
        let steps = vec![step::<User>(auth.0.id, None, command)];
        let execution = Execution {
            idempotency: key,
            ..Execution::new(meta.context(&auth.0), steps)
        };
        let execution = execution.with_write(move |connection| {
            Box::pin(async move { Ok(sessions::revoke(connection, session_id).await?) })
        });
        let committed = app.execute(auth.0.id, execution).await?;
        app.forget_sessions();
        Ok(NoContent::at(committed.position))
    }
}
