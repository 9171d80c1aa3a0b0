//! `DELETE /assistants/:id`

use domain::assistant::DeleteAssistant;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::Tag;
use crate::http::{Ctx, NoContent, Problem};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Assistants")]
impl Operation {
    /// Deletes an assistant.
    ///
    /// Only the owner can delete an assistant. Its answers are kept.
    #[oai(
        path = "/assistants/:id",
        method = "delete",
        operation_id = "deleteAssistant"
    )]
    async fn delete_assistant(&self, ctx: Ctx, id: Path<Uuid>) -> Result<NoContent, Problem> {
        let command = DeleteAssistant {
            editor: Some(ctx.caller.editor()),
        };
        let execution = ctx.command(id.0, b"", command);
        let committed = ctx.execute(execution).await?;
        Ok(NoContent::at(committed.position))
    }
}
