//! Beginning a session in the transaction of the command that asks for it, and the tokens that it yields.

use std::time::Duration;

use domain::user::{User, UserCommand};
use eventstore::Execution;
use eventstore::executor::step;
use poem::http::StatusCode;
use poem::web::cookie::{Cookie, CookieJar, SameSite};
use projections::user::sessions::{self, Device, RefreshToken};
use projections::user::{UserView, agent, queries};
use uuid::Uuid;

use super::request::TokenPair;
use crate::answer::Plain;
use crate::forwarded;
use crate::head::{Head, Route};
use crate::problem::Problem;
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
    let command = UserCommand::StartSession { session_id };
    execution.steps.push(step::<User>(user_id, None, command));
    execution.with_write(move |connection| {
        let token = token.clone();
        Box::pin(async move { Ok(sessions::start(connection, session_id, user_id, &token).await?) })
    })
}

/// Executes a command that makes or finds a user, begins a session with it, and answers with its tokens.
pub(crate) async fn begin(
    app: &App,
    head: &Head,
    jar: &CookieJar,
    user_id: Uuid,
    execution: Execution,
    cookie: Option<bool>,
) -> Result<Plain<TokenPair>, Problem> {
    let session_id = Uuid::now_v7();
    let token = RefreshToken::generate().map_err(|error| Problem::internal(&error))?;
    let execution = with_session(execution, user_id, session_id, token.clone());
    let committed = app.execute(user_id, execution).await?;
    if let Some(agent) = &head.agent {
        // Sealed under the key of the user, which a sign-up has only just created.
        let sealed = agent::seal((&app.log, &app.keys), (user_id, session_id), agent).await?;
        sessions::describe(&app.pool, session_id, &sealed).await?;
    }
    app.read_position(user_id, None).await?;
    let user = queries::find(&app.pool, user_id).await?.ok_or_else(|| {
        Problem::unavailable(
            "projection_behind",
            "the account was made; log in in a moment",
        )
    })?;
    let pair = pair(app, jar, user, session_id, &token, cookie == Some(true))?;
    Ok(Plain::new(pair, committed.position))
}

/// The tokens of a session; the refresh token goes into the cookie instead, where that was asked for.
pub(super) fn pair(
    app: &App,
    jar: &CookieJar,
    user: UserView,
    session_id: Uuid,
    token: &RefreshToken,
    cookie: bool,
) -> Result<TokenPair, Problem> {
    let access_token = app
        .tokens
        .issue(user.id, Some(session_id))
        .ok_or_else(|| Problem::unavailable("no_token", "no token could be made; try again"))?;
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

/// Refuses to sign somebody in whose browser would drop the cookie: the next reload would ask to sign in again, for ever.
pub(crate) fn keeps_cookie(app: &App, route: &Route, cookie: Option<bool>) -> Result<(), Problem> {
    if cookie != Some(true) || !app.settings.secure_cookies || !route.drops_secure_cookies {
        return Ok(());
    }
    tracing::warn!(
        "a sign-in over plain HTTP was refused: browsers keep the cookie of a session over HTTPS alone; serve HTTPS in \
         the proxy, or open the page as localhost"
    );
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        "https_required",
        "this page was opened over plain HTTP, and the browser would not keep the session; open it with https://, or ask \
         the operator to serve HTTPS in the proxy",
    ))
}

/// What the sender of a request is recognised by when it repeats one.
pub(super) fn device(app: &App, head: &Head) -> Device {
    let network = head.address.map_or_else(String::new, |address| {
        forwarded::neighbourhood(address).to_string()
    });
    Device::new(&app.refresh_key, head.agent.as_deref(), &network)
}

/// Why a session ended that somebody else may have used.
pub(super) fn reused() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "refresh_token_reused",
        "this session was ended because one of its earlier refresh tokens was used again, perhaps by somebody else; log in \
         again, and change the password if that was not you",
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
