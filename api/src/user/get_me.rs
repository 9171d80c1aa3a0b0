//! `GET /users/me`

use poem::Result;
use poem_openapi::OpenApi;

use super::wire::UserResource;
use super::{Tag, find};
use crate::http::{Ctx, Problem, Single};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Users")]
impl Operation {
    /// Reads the caller's account.
    ///
    /// Name, email and role of the user who is logged in.
    #[oai(path = "/users/me", method = "get", operation_id = "getMe")]
    async fn get_me(&self, ctx: Ctx) -> Result<Single<UserResource>, Problem> {
        ctx.get(find(&ctx, ctx.caller.id)).await
    }
}
