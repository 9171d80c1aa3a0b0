//! Signing up, logging in, refreshing, logging out.

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
pub(crate) use self::start::{begin, keeps_cookie};
use crate::account;
use crate::answer::{Done, List, Plain};
use crate::auth::Auth;
use crate::body::{Body, CREDENTIALS};
use crate::head::{Head, Route};
use crate::hosts;
use crate::problem::Problem;
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
        head: Head,
        route: Route,
        jar: &CookieJar,
        body: Body<Register, CREDENTIALS>,
    ) -> Result<Plain<TokenPair>, Problem> {
        keeps_cookie(&app, &route, body.value.cookie)?;
        if !credentials::is_set_up(&app.pool).await? {
            return Err(Problem::new(
                StatusCode::CONFLICT,
                "setup_required",
                "open the set-up link that the server has printed first",
            ));
        }
        // Else a page whose name was made to resolve to this server would have an account.
        if let Some(host) = &route.unvouched_host {
            return Err(hosts::misdirected(host));
        }
        if app.settings.registration == Registration::Closed {
            return Err(Problem::new(
                StatusCode::FORBIDDEN,
                "registration_closed",
                "ask an administrator for an account",
            ));
        }
        // Before anything is counted or hashed.
        let password = account::acceptable("/password", body.value.password)?;
        account::address("/email", &body.value.email)?;
        let attempt = app.limits.try_sign_up(head.address, &head.allowance);
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
            account::registration(account, head.context_of(user_id, Via::Api)).await?;
        let begun = begin(&app, &head, jar, user_id, registration, body.value.cookie).await;
        // Only an answer that tells of somebody else's account counts.
        if !matches!(&begun, Err(problem) if problem.code == "email_taken") {
            attempt.spare();
        }
        begun
    }

    /// Logs in with email and password.
    ///
    /// Starts a session. With `cookie: true` the refresh token is set as an `HttpOnly` cookie and is not part of the
    /// body.
    #[oai(path = "/auth/login", method = "post", operation_id = "login")]
    async fn login(
        &self,
        app: Data<&Arc<App>>,
        head: Head,
        route: Route,
        jar: &CookieJar,
        body: Body<Login, CREDENTIALS>,
    ) -> Result<Plain<TokenPair>, Problem> {
        keeps_cookie(&app, &route, body.value.cookie)?;
        // Before anything is counted or hashed.
        let password = account::bounded("/password", body.value.password)?;
        let comparable = account::address("/email", &body.value.email)?;
        let attempt = app
            .limits
            .try_password(&comparable, head.address, &head.allowance)
            .await?;
        let found = find_by_password(&app, &comparable, password).await;
        // Unknown, wrong and suspended look alike, and count; a fault of the server does not.
        if !matches!(found, Ok(None)) {
            attempt.spare();
        }
        let refused = || Problem::unauthorized("address or password is wrong");
        let user_id = found?.ok_or_else(refused)?;
        let login = Execution::new(head.context_of(user_id, Via::Api), vec![]);
        begin(&app, &head, jar, user_id, login, body.value.cookie).await
    }

    /// Exchanges a refresh token for new tokens.
    ///
    /// The refresh token comes in the body or in the cookie. Each refresh token is used once; the use of an old one
    /// ends the session.
    #[oai(path = "/auth/refresh", method = "post", operation_id = "refresh")]
    async fn refresh(
        &self,
        app: Data<&Arc<App>>,
        head: Head,
        jar: &CookieJar,
        body: Body<Refresh, CREDENTIALS>,
    ) -> Result<Plain<TokenPair>, Problem> {
        let refused =
            || Problem::unauthorized("the refresh token is not valid, or no longer; log in");
        let cookie = body.value.refresh_token.is_none();
        let token = body
            .value
            .refresh_token
            .or_else(|| start::cookie_token(jar))
            .ok_or_else(refused)?;
        let device = start::device(&app, &head);
        match sessions::rotate(&app.pool, &app.refresh_key, &token, &device).await? {
            Rotation::Rotated {
                session_id,
                user_id,
                token,
            } => {
                // The session is good; the views may not show its person yet. The same token is given again then.
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
                let pair = start::pair(&app, jar, user, session_id, &token, cookie)?;
                Ok(Plain::new(pair, position))
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
                    Execution::new(head.context_of(user_id, Via::Api), steps),
                )
                .await?;
                Err(start::reused())
            }
            Rotation::RevokedForReuse => Err(start::reused()),
            // Whoever has one that is valid has nothing to guess: many people may come from one address.
            Rotation::Invalid => {
                let guess = app.limits.try_token(head.address, &head.allowance);
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
        head: Head,
        jar: &CookieJar,
    ) -> Result<Done, Problem> {
        start::clear_cookie(&app, jar);
        let Some(session_id) = auth.0.session else {
            return Ok(Done::at(0));
        };
        let ended = (session_id, SessionEnd::LoggedOut);
        self.end(&app, &auth, &head, ended, None).await
    }

    /// Lists the sessions of the caller.
    ///
    /// One entry for each device or browser that is logged in; `current` marks the session of this request.
    #[oai(path = "/auth/sessions", method = "get", operation_id = "listSessions")]
    async fn list_sessions(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
    ) -> Result<Plain<List<SessionResource>>, Problem> {
        let position = app.read_position(auth.0.id, head.min_position).await?;
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
        Ok(Plain::new(list, position))
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
        head: Head,
    ) -> Result<Done, Problem> {
        let mut position = 0;
        for session in sessions::list(&app.pool, auth.0.id).await? {
            let ended = (session.id, SessionEnd::Revoked);
            self.end(&app, &auth, &head, ended, None).await?;
            position = app.feed.head();
        }
        Ok(Done::at(position))
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
        head: Head,
        id: Path<Uuid>,
    ) -> Result<Done, Problem> {
        let key = head.idempotency(&auth.0, b"");
        if let Some(first) = app.repeated(key.clone()).await? {
            return Ok(Done::at(first.position));
        }
        let own = sessions::list(&app.pool, auth.0.id).await?;
        if own.iter().all(|session| session.id != id.0) {
            return Err(Problem::not_found());
        }
        let ended = (id.0, SessionEnd::Revoked);
        self.end(&app, &auth, &head, ended, key).await
    }
}

/// The user with an address and a password, unless it is suspended.
async fn find_by_password(
    app: &App,
    comparable: &str,
    password: String,
) -> Result<Option<Uuid>, Problem> {
    let mac = app.keys.mac("email", comparable.as_bytes()).await?;
    let user_id = queries::by_email(&app.pool, &mac).await?;
    let fits = credentials::verify(&app.pool, user_id, password).await?;
    let Some(user_id) = user_id.filter(|_| fits) else {
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
        head: &Head,
        (session_id, cause): (Uuid, SessionEnd),
        key: Option<Idempotency>,
    ) -> Result<Done, Problem> {
        let command = UserCommand::EndSession { session_id, cause };
        let steps = vec![step::<User>(auth.0.id, None, command)];
        let execution = Execution {
            idempotency: key,
            ..Execution::new(head.context(&auth.0), steps)
        };
        let execution = execution.with_write(move |connection| {
            Box::pin(async move { Ok(sessions::revoke(connection, session_id).await?) })
        });
        let committed = app.execute(auth.0.id, execution).await?;
        app.forget_sessions();
        Ok(Done::at(committed.position))
    }
}
