//! `POST /users`

use domain::user::{Origin, Role};
use eventstore::Execution;
use poem::Result;
use poem_openapi::OpenApi;
use projections::command_write::CommandWrite;

use super::wire::CreateUser;
use super::wire::UserResource;
use super::{Tag, find};
use crate::account;
use crate::http::{Body, Created, Ctx, Problem};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Users")]
impl Operation {
    /// Creates a user.
    ///
    /// Requires the admin role.
    #[oai(path = "/users", method = "post", operation_id = "createUser")]
    async fn create_user(
        &self,
        ctx: Ctx,
        body: Body<CreateUser>,
    ) -> Result<Created<UserResource>, Problem> {
        ctx.caller.require_admin()?;
        let execution = registration(&ctx, body).await?;
        ctx.create(execution, |id| find(&ctx.app, id)).await
    }
}

/// Builds the command that creates the account.
async fn registration(ctx: &Ctx, body: Body<CreateUser>) -> Result<Execution, Problem> {
    let account = account::NewAccount {
        user_id: ctx.clock.new_id(),
        role: body.value.role.into(),
        email: body.value.email,
        display_name: body.value.display_name,
        password: body.value.password,
        origin: match ctx.caller.operator {
            Some(_) => Origin::Cli,
            None => Origin::Admin,
        },
    };
    let creates_admin = account.role == Role::Admin;
    let execution = account::registration(account, ctx.meta.context(&ctx.caller)).await?;
    let execution = Execution {
        idempotency: ctx.meta.idempotency(&ctx.caller, &body.bytes),
        ..execution
    };
    // The first administrator completes the setup, no matter who created the account.
    Ok(match creates_admin {
        true => execution.with_write(CommandWrite::CloseSetup),
        false => execution,
    })
}
