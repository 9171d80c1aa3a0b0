//! `PUT /users/:id/password`

use domain::user::ChangePassword;
use poem::Result;
use poem::http::StatusCode;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::Tag;
use super::find;
use super::wire::{PasswordReset, ResetPassword};
use crate::account;
use crate::http::{Body, CREDENTIALS, Ctx, Problem, Unversioned};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Users")]
impl Operation {
    /// Resets the password of a user.
    ///
    /// Sets the given password, or a generated one that is returned and cannot be read again. Ends all sessions of the
    /// user. Requires the admin role; administrators change their own password with `PUT /users/me/password`.
    #[oai(
        path = "/users/:id/password",
        method = "put",
        operation_id = "resetPassword"
    )]
    async fn reset_password(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        body: Body<ResetPassword, CREDENTIALS>,
    ) -> Result<Unversioned<PasswordReset>, Problem> {
        ctx.caller.require_admin()?;
        ctx.catch_up().await?;
        require_other_user(&ctx, id.0).await?;
        let generated_password = generate_unless_given(&ctx, &body).await?;
        let password = body.value.new_password.or(generated_password.clone());
        let password = account::check_new_password("/new_password", password.unwrap_or_default())?;
        let execution = ctx.command(id.0, &body.bytes, ChangePassword);
        let execution = account::with_new_password(execution, id.0, password, None).await?;
        let committed = ctx.execute(execution).await?;
        ctx.forget_sessions();
        let reset = PasswordReset { generated_password };
        Ok(Unversioned::new(reset, committed.position))
    }
}

/// Generates a password unless the request contains one.
async fn generate_unless_given(
    ctx: &Ctx,
    body: &Body<ResetPassword, CREDENTIALS>,
) -> Result<Option<String>, Problem> {
    if body.value.new_password.is_some() {
        return Ok(None);
    }
    let request = ctx.meta.idempotency(&ctx.caller, &body.bytes);
    account::generate_password(&ctx.keys, request.as_ref())
        .await
        .map(Some)
}

/// Fails if the user does not exist or is the caller, who must prove to know the current password.
async fn require_other_user(ctx: &Ctx, id: Uuid) -> Result<(), Problem> {
    match find(&ctx.app, id).await?.id == ctx.caller.id {
        true => Err(Problem::new(
            StatusCode::CONFLICT,
            "own_password",
            "change your own password with PUT /api/v1/users/me/password",
        )),
        false => Ok(()),
    }
}
