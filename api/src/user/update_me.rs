//! `PATCH /users/me`

use domain::user::ChangeDisplayName;
use poem::Result;
use poem_openapi::OpenApi;

use super::wire::UpdateMe;
use super::wire::UserResource;
use super::{Tag, change};
use crate::http::{Body, Ctx, Problem, Single};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Users")]
impl Operation {
    /// Changes the caller's account.
    ///
    /// Changes the display name.
    #[oai(path = "/users/me", method = "patch", operation_id = "updateMe")]
    async fn update_me(
        &self,
        ctx: Ctx,
        body: Body<UpdateMe>,
    ) -> Result<Single<UserResource>, Problem> {
        let id = ctx.caller.id;
        let command = ChangeDisplayName {
            user_id: id,
            display_name: body.value.display_name,
        };
        let request = (vec![command.into()], &body.bytes[..]);
        change(&ctx, id, request).await
    }
}
