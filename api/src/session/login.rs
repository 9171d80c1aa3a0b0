//! `POST /auth/login`

use std::sync::Arc;

use eventstore::Execution;
use eventstore::command::Via;
use poem::Result;
use poem::web::Data;
use poem::web::cookie::CookieJar;
use poem_openapi::OpenApi;
use projections::user::{credentials, queries};
use uuid::Uuid;

use super::Tag;
use super::start::{require_cookie_support, start_session};
use super::wire::Login;
use super::wire::TokenPair;
use crate::account;
use crate::http::{Body, BrowserContext, CREDENTIALS, Problem, RequestMeta, Unversioned};
use crate::state::App;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Auth")]
impl Operation {
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
        let user_id = check_credentials(&app, &meta, &comparable, password).await?;
        let login = Execution::new(meta.context_for(user_id, Via::Api), vec![]);
        start_session(&app, &meta, jar, user_id, login, body.value.cookie).await
    }
}

/// Finds the user who logs in. Fails if the credentials are wrong or there were too many attempts.
async fn check_credentials(
    app: &App,
    meta: &RequestMeta,
    comparable: &str,
    password: String,
) -> Result<Uuid, Problem> {
    let attempt = app
        .limits
        .try_password(comparable, meta.address, &meta.allowance)
        .await?;
    let found = find_by_password(app, comparable, password).await;
    // Unknown addresses, wrong passwords and suspended accounts look alike and count; server errors do not.
    if !matches!(found, Ok(None)) {
        attempt.refund();
    }
    found?.ok_or_else(|| Problem::unauthorized("email or password is incorrect"))
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
