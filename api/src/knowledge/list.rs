//! `GET /knowledge-bases`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use projections::knowledge::queries;

use super::Tag;
use super::wire::KnowledgeBaseResource;
use crate::http::{Ctx, List, Problem, Unversioned};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Knowledge")]
impl Operation {
    /// Lists the knowledge bases that the caller may see.
    ///
    /// The caller's own knowledge bases, those that are shared with the caller's groups, and those for everyone.
    #[oai(
        path = "/knowledge-bases",
        method = "get",
        operation_id = "listKnowledgeBases"
    )]
    async fn list_knowledge_bases(
        &self,
        ctx: Ctx,
        /// Only knowledge bases with this tag.
        tag: Query<Option<String>>,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<KnowledgeBaseResource>>, Problem> {
        let tag = tag.0.filter(|tag| !tag.contains('\0'));
        let query = format!("knowledge-bases {tag:?}");
        let page = ctx.page(query, limit.0, cursor.0.as_deref())?;
        ctx.list(page, |after, limit| {
            queries::list(&ctx.pool, ctx.caller.id, tag.as_deref(), after, limit)
        })
        .await
    }
}
