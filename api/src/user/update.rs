//! `PATCH /users/:id`

use std::time::Duration;

use domain::text;
use domain::user::Role;
use eventstore::Execution;
use eventstore::command::Committed;
use poem::Result;
use poem::http::StatusCode;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use projections::user::UserView;
use uuid::Uuid;

use super::wire::UpdateUser;
use super::wire::UserResource;
use super::{Tag, execute_guarded, find, steps};
use crate::account;
use crate::http::{Body, Ctx, Problem, Single};
use crate::state::App;

/// How long a reply waits for the user view.
const VIEW_WAIT: Duration = Duration::from_secs(2);
/// How often a change is repeated because the account was changed meanwhile.
const ATTEMPTS: u32 = 5;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Users")]
impl Operation {
    /// Changes a user.
    ///
    /// Changes the role, name or address, or suspends or reactivates the user. Requires the admin role; the last
    /// administrator stays one.
    #[oai(path = "/users/:id", method = "patch", operation_id = "updateUser")]
    async fn update_user(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        body: Body<UpdateUser>,
    ) -> Result<Single<UserResource>, Problem> {
        ctx.caller.require_admin()?;
        update_account(&ctx, id.0, (body.value, &body.bytes)).await
    }
}

/// Changes an account as requested, and returns it.
pub(super) async fn update_account(
    ctx: &Ctx,
    id: Uuid,
    (request, body): (UpdateUser, &[u8]),
) -> Result<Single<UserResource>, Problem> {
    let mut update = request.clone();
    let mut attempts = 0;
    let committed = loop {
        let account = find_current(ctx, id, &update).await?;
        match change_account(ctx, &account, (&update, body)).await {
            // The account is already suspended or active: apply the rest of the request.
            Err(problem) if update.is_already_applied(&problem) => update.suspended = None,
            Err(problem) if is_outdated(ctx, &problem) && attempts < ATTEMPTS => attempts += 1,
            committed => break committed?,
        }
    };
    ctx.app.forget_sessions();
    changed_account(&ctx.app, id, request, &committed).await
}

/// Finds the account. Name and address are compared with the view, so it must show them as they are now.
async fn find_current(ctx: &Ctx, id: Uuid, update: &UpdateUser) -> Result<UserView, Problem> {
    if update.display_name.is_some() || update.email.is_some() {
        ctx.catch_up().await?;
        let head = ctx.app.feed.head();
        ctx.app.progress.wait_for(head, VIEW_WAIT).await?;
    }
    find(&ctx.app, id).await
}

/// Whether the account was changed after it was read.
fn is_outdated(ctx: &Ctx, problem: &Problem) -> bool {
    problem.status == StatusCode::PRECONDITION_FAILED && ctx.meta.expected().is_none()
}

/// Changes an account in one command.
async fn change_account(
    ctx: &Ctx,
    account: &UserView,
    (update, body): (&UpdateUser, &[u8]),
) -> Result<Committed, Problem> {
    let id = account.id;
    let commands = update.commands(account);
    let suspends = update.suspended == Some(true);
    let loses_admin = suspends
        || update
            .role
            .is_some_and(|role| Role::from(role) < Role::Admin);
    let build = || {
        let email = update.new_email(account);
        // The earlier address must not be released if somebody else has it by now.
        let read = email.map(|_| account.version);
        let steps = steps(ctx.meta.expected().or(read), id, commands.clone());
        let execution = with_email(ctx.execution(body, steps), account, email);
        match suspends {
            true => account::without_sessions(execution, id, None),
            false => execution,
        }
    };
    match loses_admin {
        true => execute_guarded(ctx, id, build).await,
        false => ctx.execute(build()).await,
    }
}

/// Adds the exchange of an address for another one to a command.
fn with_email(mut execution: Execution, account: &UserView, email: Option<&str>) -> Execution {
    let Some(email) = email else {
        return execution;
    };
    let earlier = account.email.as_deref().map(text::normalise_email);
    execution
        .release
        .extend(earlier.map(|earlier| ("email", earlier)));
    let owner = account.id.to_string();
    execution
        .reserve
        .push(("email", text::normalise_email(email), owner));
    execution
}

/// The account after a change, even if the view does not show it in time.
async fn changed_account(
    app: &App,
    id: Uuid,
    update: UpdateUser,
    committed: &Committed,
) -> Result<Single<UserResource>, Problem> {
    // If nothing had to change, the decision was based on the log as this process knows it.
    let decided = match committed.position {
        0 => app.feed.head(),
        position => position,
    };
    let reached = app.progress.wait_for(decided, VIEW_WAIT).await?;
    let mut user = UserResource::from(find(app, id).await?);
    if reached < decided {
        user.role = update.role.unwrap_or(user.role);
        user.suspended = update.suspended.unwrap_or(user.suspended);
        user.display_name = update.display_name.unwrap_or(user.display_name);
        user.email = update.email.or(user.email);
        let last = committed.events.last();
        user.version = last.map_or(user.version, |event| event.version);
    }
    let version = user.version;
    Ok(Single::new(
        user,
        version,
        decided.min(reached).max(committed.position),
    ))
}
