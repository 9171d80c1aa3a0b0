//! `DELETE /documents/:id`

use domain::Subject;
use domain::document::{Document, DocumentCommand};
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use projections::file::claims::with_release;
use uuid::Uuid;

use super::find_owned;
use super::write::{remove_unused, require_file_step};
use crate::http::{Ctx, NoContent, Problem, Tag};

#[derive(Debug, Clone, Copy)]
pub struct Operation;

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
        let steps = vec![
            require_file_step(id.0, document.file_id),
            ctx.step::<Document>(id.0, DocumentCommand::DeleteDocument {}),
        ];
        let execution = ctx
            .execution(b"", steps)
            .with_key_destruction(&Subject::new("document", id.0));
        let execution = with_release(execution, document.knowledge_base_id, document.file_id);
        let committed = ctx.execute(execution).await?;
        remove_unused(&ctx, document.file_id, id.0).await?;
        ctx.catch_up().await?;
        Ok(NoContent::at(committed.position))
    }
}
