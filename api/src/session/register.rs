//! `POST /auth/register`

use std::sync::Arc;

use domain::user::{Origin, Role};
use eventstore::executor::Via;
use poem::Result;
use poem::http::StatusCode;
use poem::web::Data;
use poem::web::cookie::CookieJar;
use poem_openapi::OpenApi;
use projections::user::credentials;
use uuid::Uuid;

use super::start::{require_cookie_support, start_session};
use super::wire::Register;
use super::wire::TokenPair;
use crate::account;
use crate::hosts;
use crate::http::{Body, BrowserContext, CREDENTIALS, Problem, RequestMeta, Tag, Unversioned};
use crate::state::{App, Registration};

#[derive(Debug, Clone, Copy)]
pub struct Operation;

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
}
