//! `GET /groups/:id`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::wire::GroupResource;
use super::{Tag, find};
use crate::http::{Ctx, Problem, Single};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Groups")]
impl Operation {
    /// Reads a group.
    ///
    /// For its members, managers and administrators.
    #[oai(path = "/groups/:id", method = "get", operation_id = "getGroup")]
    async fn get_group(&self, ctx: Ctx, id: Path<Uuid>) -> Result<Single<GroupResource>, Problem> {
        ctx.get(find(&ctx, id.0)).await
    }
}
