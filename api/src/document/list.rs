//! `GET /knowledge-bases/:id/documents`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use projections::document::queries;
use uuid::Uuid;

use super::wire::DocumentResource;
use crate::http::{Ctx, List, Problem, Unversioned};
use crate::knowledge;
use crate::knowledge::Tag;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Knowledge")]
impl Operation {
    /// Lists the documents of a knowledge base.
    ///
    /// In the order in which they were added.
    #[oai(
        path = "/knowledge-bases/:id/documents",
        method = "get",
        operation_id = "listDocuments"
    )]
    async fn list_documents(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        /// Only documents with this status: `queued`, `processing`, `ready` or `failed`.
        status: Query<Option<String>>,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<DocumentResource>>, Problem> {
        let status = status.0.filter(|status| !status.contains('\0'));
        let query = format!("documents {} {status:?}", id.0);
        let page = ctx.page(query, limit.0, cursor.0.as_deref())?;
        ctx.list(page, async |after, limit| {
            knowledge::find(&ctx, id.0).await?;
            let page = queries::list(&ctx.pool, id.0, status.as_deref(), after, limit).await?;
            Ok::<_, Problem>(page)
        })
        .await
    }
}
