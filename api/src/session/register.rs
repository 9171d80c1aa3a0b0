//! `POST /auth/register`

use std::sync::Arc;

use eventstore::command::Via;
use poem::Result;
use poem::http::StatusCode;
use poem::web::Data;
use poem::web::cookie::CookieJar;
use poem_openapi::OpenApi;
use projections::user::credentials;

use super::Tag;
use super::start::{require_cookie_support, start_session};
use super::wire::Register;
use super::wire::TokenPair;
use crate::account;
use crate::hosts;
use crate::http::{Body, BrowserContext, CREDENTIALS, Problem, RequestMeta, Unversioned};
use crate::state::{App, Registration};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Auth")]
impl Operation {
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
        let cookie = body.value.cookie;
        require_cookie_support(&app, &browser, cookie)?;
        require_open_registration(&app, &browser).await?;
        let account = body.value.account(app.clock.new_id())?;
        let attempt = app.limits.try_sign_up(meta.address, &meta.allowance);
        let attempt = attempt.await?;
        let (user_id, context) = (account.user_id, meta.context_for(account.user_id, Via::Api));
        let registration = account::registration(account, context).await?;
        let started = start_session(&app, &meta, jar, user_id, registration, cookie).await;
        // Only a reply that reveals the existence of an account counts.
        if !matches!(&started, Err(problem) if problem.code == "email_taken") {
            attempt.refund();
        }
        started
    }
}

/// Fails if people cannot register themselves.
async fn require_open_registration(app: &App, browser: &BrowserContext) -> Result<(), Problem> {
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
    Ok(())
}
