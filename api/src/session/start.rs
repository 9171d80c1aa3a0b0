//! Starts a session in the transaction of a command, and issues its tokens.

use std::time::Duration;

use domain::user::StartSession;
use eventstore::Execution;
use eventstore::command::step;
use poem::http::StatusCode;
use poem::web::cookie::{Cookie, CookieJar, SameSite};
use projections::command_write::CommandWrite;
use projections::user::sessions::{self, Device, RefreshToken};
use projections::user::{UserView, agent, queries};
use uuid::Uuid;

use super::wire::TokenPair;
use crate::forwarded;
use crate::http::{BrowserContext, Problem, RequestMeta, Unversioned};
use crate::state::App;
use crate::token::LIFETIME;

const COOKIE: &str = "convosphere_refresh";
const COOKIE_PATH: &str = "/api/v1/auth";
const COOKIE_AGE: Duration = Duration::from_hours(720);

/// Adds the start of a session to a command.
fn with_session(
    mut execution: Execution,
    user_id: Uuid,
    session_id: Uuid,
    token: RefreshToken,
) -> Execution {
    let command = StartSession { session_id };
    execution.steps.push(step(user_id, None, command));
    execution.with_write(CommandWrite::StartSession {
        session: session_id,
        user: user_id,
        token,
    })
}

/// Executes a command, starts a session of the user in its transaction, and returns the tokens.
pub(crate) async fn start_session(
    app: &App,
    meta: &RequestMeta,
    jar: &CookieJar,
    user_id: Uuid,
    execution: Execution,
    cookie: Option<bool>,
) -> Result<Unversioned<TokenPair>, Problem> {
    let session_id = app.clock.new_id();
    let token = RefreshToken::generate().map_err(|error| Problem::internal(&error))?;
    let execution = with_session(execution, user_id, session_id, token.clone());
    let committed = app.execute(user_id, execution).await?;
    if let Some(agent) = &meta.agent {
        // Encrypted with the key of the user, which a registration has only just created.
        let sealed = agent::seal((&app.log, &app.keys), (user_id, session_id), agent).await?;
        sessions::set_user_agent(&app.pool, session_id, &sealed).await?;
    }
    app.read_position(user_id, None).await?;
    let user = queries::find(&app.pool, user_id).await?.ok_or_else(|| {
        Problem::unavailable(
            "projection_behind",
            "the account was created; log in in a moment",
        )
    })?;
    let pair = token_pair(app, jar, user, session_id, &token, cookie == Some(true))?;
    Ok(Unversioned::new(pair, committed.position))
}

/// Issues the tokens of a session, with the refresh token in the cookie if requested.
pub(super) fn token_pair(
    app: &App,
    jar: &CookieJar,
    user: UserView,
    session_id: Uuid,
    token: &RefreshToken,
    cookie: bool,
) -> Result<TokenPair, Problem> {
    let access_token = app.tokens.issue(user.id, Some(session_id)).ok_or_else(|| {
        Problem::unavailable(
            "no_token",
            "the access token could not be created; try again",
        )
    })?;
    if cookie {
        jar.add(refresh_cookie(app, token.as_str(), COOKIE_AGE));
    }
    Ok(TokenPair {
        access_token,
        refresh_token: (!cookie).then(|| token.as_str().to_owned()),
        token_type: "Bearer".to_owned(),
        expires_in: LIFETIME,
        user: user.into(),
    })
}

/// Fails if the browser would drop the cookie: the user would have to sign in again at every reload.
pub(crate) fn require_cookie_support(
    app: &App,
    browser: &BrowserContext,
    cookie: Option<bool>,
) -> Result<(), Problem> {
    if cookie != Some(true) || !app.settings.secure_cookies || !browser.drops_secure_cookies {
        return Ok(());
    }
    tracing::warn!(
        "refused a sign-in over plain HTTP: browsers keep the session cookie only over HTTPS; serve HTTPS in the proxy, \
         or open the page as localhost"
    );
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        "https_required",
        "this page was opened over plain HTTP, and the browser would not keep the session; open it with https://, or ask \
         the operator to serve HTTPS in the proxy",
    ))
}

/// Identifies the device that sent a request, so that it can repeat a refresh.
pub(super) fn device(app: &App, meta: &RequestMeta) -> Device {
    let network = meta.address.map_or_else(String::new, |address| {
        forwarded::neighbourhood(address).to_string()
    });
    Device::new(&app.refresh_key, meta.agent.as_deref(), &network)
}

/// The session ended because an old refresh token was used again, possibly by somebody else.
pub(super) fn token_reused() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "refresh_token_reused",
        "this session was ended because an old refresh token was used again, possibly by somebody else; log in again, and \
         change your password if that was not you",
    )
}

pub(super) fn cookie_token(jar: &CookieJar) -> Option<String> {
    jar.get(COOKIE).map(|cookie| cookie.value_str().to_owned())
}

pub(super) fn clear_cookie(app: &App, jar: &CookieJar) {
    if jar.get(COOKIE).is_some() {
        jar.add(refresh_cookie(app, "", Duration::ZERO));
    }
}

fn refresh_cookie(app: &App, value: &str, age: Duration) -> Cookie {
    let mut cookie = Cookie::new_with_str(COOKIE, value);
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Strict);
    cookie.set_secure(app.settings.secure_cookies);
    cookie.set_path(COOKIE_PATH);
    cookie.set_max_age(age);
    cookie
}
