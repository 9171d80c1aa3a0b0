//! Users: the caller's own account, and for administrators all accounts.

mod change_email;
mod change_password;
mod create;
mod current_password;
mod delete;
mod get;
mod get_me;
mod get_preferences;
mod list;
mod preferences;
mod reset_password;
mod update;
mod update_me;
mod update_preferences;
mod wire;

use domain::user::UserCommand;
use eventstore::Execution;
use eventstore::command::{Committed, Step, step};
use poem::Result;
use poem_openapi::{OpenApi, Tags};
use projections::user::{UserView, queries};
use uuid::Uuid;

use self::preferences::PreferencesResource;
pub(crate) use self::wire::{UserResource, UserRole};
use crate::account;
use crate::http::{Ctx, Problem, Single};
use crate::model;
use crate::state::App;

/// The area of the contract.
#[derive(Tags)]
pub(crate) enum Tag {
    /// Users, their roles and preferences.
    Users,
}

/// The operations of this feature.
pub(crate) fn operations() -> impl OpenApi {
    (
        get_me::Operation,
        update_me::Operation,
        get_preferences::Operation,
        update_preferences::Operation,
        change_password::Operation,
        change_email::Operation,
        list::Operation,
        create::Operation,
        get::Operation,
        delete::Operation,
        update::Operation,
        reset_password::Operation,
    )
}

/// Executes a command that may remove an administrator, unless it is the last one.
async fn execute_guarded(
    ctx: &Ctx,
    id: Uuid,
    build: impl Fn() -> Execution,
) -> Result<Committed, Problem> {
    let guarded = account::refuse_for_admins(build(), id);
    match ctx.try_execute(guarded).await {
        Err(error) if account::needs_admin_guard(&error) => {
            let _guard = account::guard_last_admin(&ctx.pool, &ctx.log, &ctx.progress, id).await?;
            ctx.execute(build()).await
        }
        executed => Ok(executed?),
    }
}

async fn find(app: &App, id: Uuid) -> Result<UserView, Problem> {
    queries::find(&app.pool, id)
        .await?
        .ok_or_else(Problem::not_found)
}

async fn read_preferences(
    ctx: &Ctx,
    min_position: Option<i64>,
) -> Result<Single<PreferencesResource>, Problem> {
    let position = ctx.app.read_position(ctx.caller.id, min_position).await?;
    let version = find(&ctx.app, ctx.caller.id).await?.version;
    let mut preferences = queries::preferences(&ctx.pool, ctx.caller.id).await?;
    preferences.default_model = model::keep_usable(&ctx.app, preferences.default_model).await?;
    let resource = PreferencesResource::new(version, preferences);
    Ok(Single::new(resource, version, position))
}

/// Executes commands on a user in one transaction, and returns the changed user.
async fn change(
    ctx: &Ctx,
    id: Uuid,
    (commands, body): (Vec<UserCommand>, &[u8]),
) -> Result<Single<UserResource>, Problem> {
    let execution = ctx.execution(body, steps(ctx.meta.expected(), id, commands));
    ctx.execute(execution).await?;
    ctx.reply(find(&ctx.app, id)).await
}

/// The steps of commands on one user; only the first one checks the expected version.
fn steps(expected: Option<i64>, id: Uuid, commands: Vec<UserCommand>) -> Vec<Box<dyn Step>> {
    let expected = std::iter::once(expected).chain(std::iter::repeat(None));
    commands
        .into_iter()
        .zip(expected)
        .map(|(command, expected)| step(id, expected, command))
        .collect()
}
