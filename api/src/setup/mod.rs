//! The first administrator, by the one-use token that the server prints.

mod request;

use std::sync::Arc;

use domain::text;
use domain::user::{Origin, Role, User, UserCommand};
use eventstore::Execution;
use eventstore::append::ExtraWriteError;
use eventstore::executor::{Via, step};
use poem::Result;
use poem::http::StatusCode;
use poem::web::Data;
use poem::web::cookie::CookieJar;
use poem_openapi::OpenApi;
use projections::user::{credentials, queries};
use uuid::Uuid;

use self::request::{Setup, SetupState};
use crate::account;
use crate::answer::Plain;
use crate::body::{Body, CREDENTIALS};
use crate::head::{Head, Route};
use crate::problem::Problem;
use crate::session::{TokenPair, begin, keeps_cookie};
use crate::state::App;
use crate::tag::Tag;

#[derive(Debug, Clone, Copy)]
pub struct SetupApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Setup")]
impl SetupApi {
    /// Reads whether setup is needed.
    ///
    /// An installation needs setup until it has its first administrator.
    #[oai(path = "/setup", method = "get", operation_id = "getSetup")]
    async fn get_setup(&self, app: Data<&Arc<App>>) -> Result<Plain<SetupState>, Problem> {
        let needed = !credentials::is_set_up(&app.pool).await?;
        Ok(Plain::new(SetupState { needed }, app.feed.head()))
    }

    /// Creates the first administrator.
    ///
    /// Works once, with the token that the server prints when it starts for the first time. Starts a session of the
    /// administrator.
    #[oai(path = "/setup", method = "post", operation_id = "setUp")]
    async fn set_up(
        &self,
        app: Data<&Arc<App>>,
        head: Head,
        route: Route,
        jar: &CookieJar,
        body: Body<Setup, CREDENTIALS>,
    ) -> Result<Plain<TokenPair>, Problem> {
        keeps_cookie(&app, &route, body.value.cookie)?;
        let guess = app.limits.try_token(head.address, &head.allowance);
        let guess = guess.await?;
        if credentials::is_set_up(&app.pool).await? {
            return Err(over());
        }
        let given = app.keys.mac("setup", body.value.token.as_bytes()).await?;
        let expected = app.keys.mac("setup", app.setup_token.as_bytes()).await?;
        if given != expected {
            return Err(Problem::invalid(
                "/token",
                "wrong_token",
                "token is not the one that the server has printed",
            ));
        }
        guess.spare();
        let (user_id, execution) = first_admin(&app, &head, &body.value).await?;
        match begin(&app, &head, jar, user_id, execution, body.value.cookie).await {
            Err(problem) if problem.code == "setup_over" => Err(over()),
            result => result,
        }
    }
}

/// Makes a new administrator, or lets the local user before set-up become one.
async fn first_admin(app: &App, head: &Head, setup: &Setup) -> Result<(Uuid, Execution), Problem> {
    let local = queries::local(&app.pool).await?;
    let user_id = local.as_ref().map_or_else(Uuid::now_v7, |user| user.id);
    let context = head.context_of(user_id, Via::Api);
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
        let command = UserCommand::ClaimLocalUser {
            user_id,
            email: text::parse_email(&setup.email).unwrap_or_default(),
            display_name: setup.display_name.clone(),
        };
        execution.steps = vec![step::<User>(user_id, None, command)];
    }
    let execution = execution.with_write(|connection| {
        Box::pin(async move {
            match credentials::close_setup(connection).await? {
                true => Ok(()),
                false => Err(ExtraWriteError::Refused("setup_over")),
            }
        })
    });
    Ok((user_id, execution))
}

fn over() -> Problem {
    Problem::new(StatusCode::GONE, "setup_over", "set-up is over; log in")
}
