//! `POST /documents/:id/reprocess`

use domain::document::ReprocessDocument;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::wire::Processing;
use super::write::require_base_step;
use super::{find_owned, processing_reply};
use crate::http::{Ctx, Problem};
use crate::knowledge::Tag;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Knowledge")]
impl Operation {
    /// Processes a document again.
    ///
    /// Uses the current settings of the knowledge base.
    #[oai(
        path = "/documents/:id/reprocess",
        method = "post",
        operation_id = "reprocessDocument"
    )]
    async fn reprocess_document(&self, ctx: Ctx, id: Path<Uuid>) -> Result<Processing, Problem> {
        ctx.catch_up().await?;
        let document = find_owned(&ctx, id.0).await?;
        let command = ReprocessDocument;
        let steps = vec![
            require_base_step(&ctx.caller, document.knowledge_base_id),
            ctx.step(id.0, command),
        ];
        ctx.execute(ctx.execution(b"", steps)).await?;
        processing_reply(&ctx, id.0).await
    }
}
