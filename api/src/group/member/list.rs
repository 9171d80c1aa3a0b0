//! `GET /groups/:id/members`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use projections::group::queries;
use uuid::Uuid;

use crate::group::Tag;
use crate::group::wire::MemberResource;
use crate::group::{find, manages_groups};
use crate::http::{Ctx, List, Problem, Unversioned};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Groups")]
impl Operation {
    /// Lists the members of a group.
    ///
    /// Email addresses are shown to managers and administrators only.
    #[oai(
        path = "/groups/:id/members",
        method = "get",
        operation_id = "listMembers"
    )]
    async fn list_members(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<MemberResource>>, Problem> {
        let query = format!("members of {}", id.0);
        let page = ctx.page(query, limit.0, cursor.0.as_deref())?;
        ctx.list(page, async |after, limit| {
            find(&ctx, id.0).await?;
            let page = queries::members(&ctx.pool, id.0, None, after, limit).await?;
            let for_manager = manages_groups(&ctx.caller);
            Ok::<_, Problem>(page.map(|member| MemberResource::new(member, for_manager)))
        })
        .await
    }
}
