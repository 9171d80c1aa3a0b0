//! `PUT /users/me/password`

use domain::user;
use poem::Result;
use poem_openapi::OpenApi;
use projections::user::credentials;

use super::Tag;
use super::wire::ChangePassword;
use crate::account;
use crate::http::{Body, CREDENTIALS, Ctx, NoContent, Problem};
use crate::limits::Attempt;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Users")]
impl Operation {
    /// Changes the caller's password.
    ///
    /// Ends all other sessions of the caller.
    #[oai(
        path = "/users/me/password",
        method = "put",
        operation_id = "changePassword"
    )]
    async fn change_password(
        &self,
        ctx: Ctx,
        body: Body<ChangePassword, CREDENTIALS>,
    ) -> Result<NoContent, Problem> {
        let attempt = count_attempt(&ctx).await?;
        if let Some(first) = ctx.find_repeated(&body.bytes).await? {
            attempt.refund();
            return Ok(NoContent::at(first.position));
        }
        check_current_password(&ctx, body.value.current_password, attempt).await?;
        let password = account::check_new_password("/new_password", body.value.new_password)?;
        let (id, session) = (ctx.caller.id, ctx.caller.session);
        let execution = ctx.command(id, &body.bytes, user::ChangePassword);
        let execution = account::with_new_password(execution, id, password, session).await?;
        let committed = ctx.execute(execution).await?;
        ctx.forget_sessions();
        Ok(NoContent::at(committed.position))
    }
}

/// Counts an attempt to guess the password of the caller.
async fn count_attempt(ctx: &Ctx) -> Result<Attempt<'_>, Problem> {
    let account = ctx.caller.id.to_string();
    let (address, allowance) = (ctx.meta.address, &ctx.meta.allowance);
    ctx.limits.try_password(&account, address, allowance).await
}

/// Fails if the password is wrong; only then the attempt counts.
async fn check_current_password(
    ctx: &Ctx,
    password: String,
    attempt: Attempt<'_>,
) -> Result<(), Problem> {
    let password = account::check_password_size("/current_password", password)?;
    let matches = credentials::verify(&ctx.pool, Some(ctx.caller.id), password).await;
    if !matches!(matches, Ok(false)) {
        attempt.refund();
    }
    match matches? {
        true => Ok(()),
        false => Err(Problem::invalid(
            "/current_password",
            "wrong_password",
            "current_password is not correct",
        )),
    }
}
