//! `DELETE /knowledge-bases/:id`

use domain::Subject;
use domain::knowledge::DeleteKnowledgeBase;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use projections::command_write::CommandWrite;
use projections::job::JobKind;
use uuid::Uuid;

use super::{Tag, find_owned};
use crate::http::{Ctx, NoContent, Problem};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Knowledge")]
impl Operation {
    /// Deletes a knowledge base.
    ///
    /// Searches no longer find its documents; a job erases them.
    #[oai(
        path = "/knowledge-bases/:id",
        method = "delete",
        operation_id = "deleteKnowledgeBase"
    )]
    async fn delete_knowledge_base(&self, ctx: Ctx, id: Path<Uuid>) -> Result<NoContent, Problem> {
        let command = DeleteKnowledgeBase {
            editor: Some(ctx.caller.editor()),
        };
        ctx.delete(find_owned(&ctx, id.0), |_| {
            let execution = ctx
                .command(id.0, b"", command)
                .with_key_destruction(&Subject::new("knowledge_base", id.0));
            // The job erases the documents.
            execution.with_write(CommandWrite::RequestJob {
                job: ctx.clock.new_id(),
                requested_by: ctx.caller.id,
                kind: JobKind::EraseKnowledgeBase(id.0),
            })
        })
        .await
    }
}
