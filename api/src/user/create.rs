//! `POST /users`

use domain::user::Origin;
use poem::Result;
use poem_openapi::OpenApi;

use super::find;
use super::wire::CreateUser;
use super::wire::UserResource;
use crate::account;
use crate::http::{Body, Created, Ctx, Problem, Tag};

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
        let account = account::NewAccount {
            user_id: ctx.clock.new_id(),
            role: body.value.role.into(),
            email: body.value.email,
            display_name: body.value.display_name,
            password: body.value.password,
            origin: Origin::Admin,
        };
        let mut execution = account::registration(account, ctx.meta.context(&ctx.caller)).await?;
        execution.idempotency = ctx.meta.idempotency(&ctx.caller, &body.bytes);
        ctx.create(execution, |id| find(&ctx.app, id)).await
    }
}
