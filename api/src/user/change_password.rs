//! `PUT /users/me/password`

use domain::user;
use poem::Result;
use poem_openapi::OpenApi;

use super::wire::ChangePassword;
use super::{Tag, current_password};
use crate::account;
use crate::http::{Body, CREDENTIALS, Ctx, NoContent, Problem};

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
        let attempt = current_password::count_attempt(&ctx).await?;
        if let Some(first) = ctx.find_repeated(&body.bytes).await? {
            attempt.refund();
            return Ok(NoContent::at(first.position));
        }
        current_password::check(&ctx, body.value.current_password, attempt).await?;
        let password = account::check_new_password("/new_password", body.value.new_password)?;
        let (id, session) = (ctx.caller.id, ctx.caller.session);
        let execution = ctx.command(id, &body.bytes, user::ChangePassword);
        let execution = account::with_new_password(execution, id, password, session).await?;
        let committed = ctx.execute(execution).await?;
        ctx.forget_sessions();
        Ok(NoContent::at(committed.position))
    }
}
