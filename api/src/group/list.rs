//! `GET /groups`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use projections::group::queries::{self};

use super::wire::GroupResource;
use super::{Tag, reader};
use crate::http::{Ctx, List, Problem, Unversioned};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Groups")]
impl Operation {
    /// Lists groups.
    ///
    /// Managers and administrators see all groups, others the groups they belong to.
    #[oai(path = "/groups", method = "get", operation_id = "listGroups")]
    async fn list_groups(
        &self,
        ctx: Ctx,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<GroupResource>>, Problem> {
        let page = ctx.page("groups", limit.0, cursor.0.as_deref())?;
        ctx.list(page, |after, limit| {
            queries::list(&ctx.pool, reader(&ctx.caller), after, limit)
        })
        .await
    }
}
