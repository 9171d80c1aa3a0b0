//! `PUT /users/me/email`

use poem::Result;
use poem_openapi::OpenApi;

use super::update::update_account;
use super::wire::{ChangeOwnEmail, UpdateUser, UserResource};
use super::{Tag, current_password, find};
use crate::http::{Body, CREDENTIALS, Ctx, Problem, Single};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Users")]
impl Operation {
    /// Changes the caller's email address.
    ///
    /// The caller signs in with the new address from then on.
    #[oai(path = "/users/me/email", method = "put", operation_id = "changeEmail")]
    async fn change_email(
        &self,
        ctx: Ctx,
        body: Body<ChangeOwnEmail, CREDENTIALS>,
    ) -> Result<Single<UserResource>, Problem> {
        let id = ctx.caller.id;
        let attempt = current_password::count_attempt(&ctx).await?;
        if ctx.find_repeated(&body.bytes).await?.is_some() {
            attempt.refund();
            return ctx.reply(find(&ctx.app, id)).await;
        }
        current_password::check(&ctx, body.value.current_password, attempt).await?;
        let update = UpdateUser {
            email: Some(body.value.email),
            ..UpdateUser::default()
        };
        update_account(&ctx, id, (update, &body.bytes)).await
    }
}
