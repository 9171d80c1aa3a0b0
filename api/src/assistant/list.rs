//! `GET /assistants`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use projections::assistant::queries;

use super::Tag;
use super::wire::AssistantResource;
use crate::http::{Ctx, List, Problem, Unversioned};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Assistants")]
impl Operation {
    /// Lists the assistants that the caller may see.
    ///
    /// The caller's own assistants and those that are visible to everyone.
    #[oai(path = "/assistants", method = "get", operation_id = "listAssistants")]
    async fn list_assistants(
        &self,
        ctx: Ctx,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<AssistantResource>>, Problem> {
        let page = ctx.page("assistants", limit.0, cursor.0.as_deref())?;
        ctx.list(page, async |after, limit| {
            let page = queries::list(&ctx.pool, ctx.caller.id, after, limit).await?;
            Ok::<_, Problem>(page.map(|view| AssistantResource::for_caller(&ctx.caller, view)))
        })
        .await
    }
}
