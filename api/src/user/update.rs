//! `PATCH /users/:id`

use std::time::Duration;

use domain::user::Role;
use eventstore::command::Committed;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::wire::UpdateUser;
use super::wire::UserResource;
use super::{Tag, execute_guarded, find, steps};
use crate::account;
use crate::http::{Body, Ctx, Problem, Single};
use crate::state::App;

/// How long a reply waits for the user view.
const VIEW_WAIT: Duration = Duration::from_secs(2);

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Users")]
impl Operation {
    /// Changes a user.
    ///
    /// Changes the role, or suspends or reactivates the user. Requires the admin role; the last administrator stays
    /// one.
    #[oai(path = "/users/:id", method = "patch", operation_id = "updateUser")]
    async fn update_user(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        body: Body<UpdateUser>,
    ) -> Result<Single<UserResource>, Problem> {
        ctx.caller.require_admin()?;
        find(&ctx.app, id.0).await?;
        let mut update = body.value;
        let committed = loop {
            match change_account(&ctx, id.0, (update, &body.bytes)).await {
                // The account is already suspended or active: apply the rest of the request.
                Err(problem) if update.is_already_applied(&problem) => update.suspended = None,
                committed => break committed?,
            }
        };
        ctx.app.forget_sessions();
        changed_account(&ctx.app, id.0, body.value, &committed).await
    }
}

/// Changes role and suspension of an account in one command.
async fn change_account(
    ctx: &Ctx,
    id: Uuid,
    (update, body): (UpdateUser, &[u8]),
) -> Result<Committed, Problem> {
    let commands = update.commands();
    let suspends = update.suspended == Some(true);
    let loses_admin = suspends
        || update
            .role
            .is_some_and(|role| Role::from(role) < Role::Admin);
    let build = || {
        let execution = ctx.execution(body, steps(&ctx.meta, id, commands.clone()));
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
