//! `PUT /users/me/password`

use domain::user::{User, UserCommand};
use eventstore::executor::step;
use poem::Result;
use poem_openapi::OpenApi;
use projections::user::credentials;

use super::wire::ChangePassword;
use crate::account;
use crate::http::{Body, CREDENTIALS, Ctx, NoContent, Problem, Tag};

#[derive(Debug, Clone, Copy)]
pub struct Operation;

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
        let caller = &ctx.caller;
        let account = caller.id.to_string();
        let limits = &ctx.limits;
        let attempt = limits.try_password(&account, ctx.meta.address, &ctx.meta.allowance);
        let attempt = attempt.await?;
        if let Some(first) = ctx.find_repeated(&body.bytes).await? {
            attempt.refund();
            return Ok(NoContent::at(first.position));
        }
        let current =
            account::check_password_size("/current_password", body.value.current_password)?;
        let matches = credentials::verify(&ctx.pool, Some(caller.id), current).await;
        if !matches!(matches, Ok(false)) {
            attempt.refund();
        }
        if !matches? {
            return Err(Problem::invalid(
                "/current_password",
                "wrong_password",
                "current_password is not correct",
            ));
        }
        let password = account::check_new_password("/new_password", body.value.new_password)?;
        let steps = vec![step::<User>(
            caller.id,
            ctx.meta.expected(),
            UserCommand::ChangePassword {},
        )];
        let execution = ctx.execution(&body.bytes, steps);
        let execution =
            account::with_new_password(execution, caller.id, password, caller.session).await?;
        let committed = ctx.execute(execution).await?;
        ctx.app.forget_sessions();
        Ok(NoContent::at(committed.position))
    }
}
