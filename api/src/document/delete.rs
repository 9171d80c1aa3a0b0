//! `DELETE /documents/:id`

use domain::Subject;
use domain::document::DeleteDocument;
use eventstore::Execution;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use projections::document::DocumentView;
use projections::file::document_claim::with_release;
use uuid::Uuid;

use super::find_owned;
use super::write::{remove_unused, require_file_step};
use crate::http::{Ctx, NoContent, Problem};
use crate::knowledge::Tag;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Knowledge")]
impl Operation {
    /// Deletes a document.
    ///
    /// The document is no longer found; its encryption key and its file are destroyed.
    #[oai(
        path = "/documents/:id",
        method = "delete",
        operation_id = "deleteDocument"
    )]
    async fn delete_document(&self, ctx: Ctx, id: Path<Uuid>) -> Result<NoContent, Problem> {
        ctx.catch_up().await?;
        if let Some(first) = ctx.find_repeated(b"").await? {
            return Ok(NoContent::at(first.position));
        }
        let document = find_owned(&ctx, id.0).await?;
        let committed = ctx.execute(deletion(&ctx, &document)).await?;
        remove_unused(&ctx, document.file_id, id.0).await?;
        ctx.catch_up().await?;
        Ok(NoContent::at(committed.position))
    }
}

/// Builds the command that deletes a document, destroys its key and releases its file.
fn deletion(ctx: &Ctx, document: &DocumentView) -> Execution {
    let steps = vec![
        require_file_step(document.id, document.file_id),
        ctx.step(document.id, DeleteDocument),
    ];
    let execution = ctx
        .execution(b"", steps)
        .with_key_destruction(&Subject::new("document", document.id));
    with_release(execution, document.knowledge_base_id, document.file_id)
}
