//! `GET /users/:id`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::wire::UserResource;
use super::{Tag, find};
use crate::http::{Ctx, Problem, Single};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Users")]
impl Operation {
    /// Reads a user.
    ///
    /// Requires the admin role.
    #[oai(path = "/users/:id", method = "get", operation_id = "getUser")]
    async fn get_user(&self, ctx: Ctx, id: Path<Uuid>) -> Result<Single<UserResource>, Problem> {
        ctx.caller.require_admin()?;
        ctx.get(find(&ctx, id.0)).await
    }
}
