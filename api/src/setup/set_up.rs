//! `POST /setup`

use std::sync::Arc;

use domain::text;
use domain::user::{ClaimLocalUser, Origin, Role};
use eventstore::Execution;
use eventstore::command::{Via, step};
use poem::Result;
use poem::http::StatusCode;
use poem::web::Data;
use poem::web::cookie::CookieJar;
use poem_openapi::OpenApi;
use projections::command_write::CommandWrite;
use projections::user::credentials::{self, SETUP_OVER};
use projections::user::queries;
use uuid::Uuid;

use super::Tag;
use super::wire::Setup;
use crate::account;
use crate::http::{Body, BrowserContext, CREDENTIALS, Problem, RequestMeta, Unversioned};
use crate::session::{TokenPair, require_cookie_support, start_session};
use crate::state::App;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Setup")]
impl Operation {
    /// Creates the first administrator.
    ///
    /// Works once, with the token that the server prints when it starts for the first time. Starts a session of the
    /// administrator.
    #[oai(path = "/setup", method = "post", operation_id = "setUp")]
    async fn set_up(
        &self,
        app: Data<&Arc<App>>,
        meta: RequestMeta,
        browser: BrowserContext,
        jar: &CookieJar,
        body: Body<Setup, CREDENTIALS>,
    ) -> Result<Unversioned<TokenPair>, Problem> {
        require_cookie_support(&app, &browser, body.value.cookie)?;
        check_setup_token(&app, &meta, &body.value.token).await?;
        let (user_id, execution) = first_admin(&app, &meta, &body.value).await?;
        match start_session(&app, &meta, jar, user_id, execution, body.value.cookie).await {
            Err(problem) if problem.code == SETUP_OVER => Err(setup_over()),
            result => result,
        }
    }
}

/// Fails if setup is complete or the token is wrong; both count as failed attempts.
async fn check_setup_token(app: &App, meta: &RequestMeta, token: &str) -> Result<(), Problem> {
    let attempt = app.limits.try_token(meta.address, &meta.allowance).await?;
    if credentials::is_set_up(&app.pool).await? {
        return Err(setup_over());
    }
    let received = app.keys.mac("setup", token.as_bytes()).await?;
    let expected = app.keys.mac("setup", app.setup_token.as_bytes()).await?;
    if received != expected {
        return Err(Problem::invalid(
            "/token",
            "wrong_token",
            "this is not the token that the server printed; use the link from its output",
        ));
    }
    attempt.refund();
    Ok(())
}

/// Builds the command that creates the administrator, or turns the local user from before setup into one.
async fn first_admin(
    app: &App,
    meta: &RequestMeta,
    setup: &Setup,
) -> Result<(Uuid, Execution), Problem> {
    let local = queries::find_local(&app.pool).await?;
    let user_id = local
        .as_ref()
        .map_or_else(|| app.clock.new_id(), |user| user.id);
    let context = meta.context_for(user_id, Via::Api);
    let account = account::NewAccount {
        user_id,
        role: Role::Admin,
        email: setup.email.clone(),
        display_name: setup.display_name.clone(),
        password: setup.password.clone(),
        origin: Origin::Setup,
    };
    let mut execution = account::registration(account, context).await?;
    if local.is_some() {
        let command = ClaimLocalUser {
            user_id,
            email: text::parse_email(&setup.email).unwrap_or_default(),
            display_name: setup.display_name.clone(),
        };
        execution.steps = vec![step(user_id, None, command)];
    }
    Ok((user_id, execution.with_write(CommandWrite::CompleteSetup)))
}

fn setup_over() -> Problem {
    Problem::new(
        StatusCode::GONE,
        SETUP_OVER,
        "setup is already complete; log in",
    )
}
