//! `GET /documents/:id/chunks`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use projections::document::passages;
use uuid::Uuid;

use super::find;
use super::wire::ChunkResource;
use crate::http::{Ctx, List, Problem, Unversioned};
use crate::knowledge::Tag;
use crate::state::App;

/// Number of passages that a page shows before the requested one.
const BEFORE: i32 = 2;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Knowledge")]
impl Operation {
    /// Lists the passages of a document.
    ///
    /// The passages that searches find, in the order of the document.
    #[oai(
        path = "/documents/:id/chunks",
        method = "get",
        operation_id = "listChunks"
    )]
    async fn list_chunks(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        /// Starts the page a little before this passage.
        around: Query<Option<Uuid>>,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<ChunkResource>>, Problem> {
        let query = format!("chunks {}", id.0);
        let page = ctx.page(query, limit.0, cursor.0.as_deref())?;
        ctx.list(page, async |after, limit| {
            let document = find(&ctx, id.0).await?;
            let after = match (after, around.0) {
                (None, Some(around)) => Some(before_passage(&ctx, document.id, around).await?),
                (after, _) => after,
            };
            let page = passages::list(&ctx.pool, document.id, after, limit).await?;
            Ok::<_, Problem>(page)
        })
        .await
    }
}

/// The number after which a page begins that shows a passage with some of those before it.
async fn before_passage(app: &App, document_id: Uuid, id: Uuid) -> Result<i32, Problem> {
    let passage = passages::find_many(&app.pool, &[id]).await?.pop();
    match passage.filter(|passage| passage.document_id == document_id) {
        Some(passage) => Ok(passage.number - 1 - BEFORE),
        None => Err(Problem::invalid(
            "around",
            "unknown_chunk",
            "the document has no such passage",
        )),
    }
}
