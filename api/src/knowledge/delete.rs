//! `DELETE /knowledge-bases/:id`

use domain::Subject;
use domain::knowledge::{KnowledgeBase, KnowledgeCommand};
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use projections::job::{JobKind, queries as jobs};
use uuid::Uuid;

use super::find_owned;
use crate::http::{Ctx, NoContent, Problem, Tag};

#[derive(Debug, Clone, Copy)]
pub struct Operation;

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
        let (base, job, requested_by) = (id.0, Uuid::now_v7(), ctx.caller.id);
        let command = KnowledgeCommand::DeleteKnowledgeBase {
            editor: ctx.caller.editor(),
        };
        ctx.delete(find_owned(&ctx, base), |_| {
            let execution = ctx
                .command::<KnowledgeBase>(base, b"", command)
                .with_key_destruction(&Subject::new("knowledge_base", base));
            execution.with_write(move |connection| {
                Box::pin(async move {
                    let kind = JobKind::EraseKnowledgeBase(base);
                    jobs::request(connection, job, requested_by, &kind).await?;
                    Ok(())
                })
            })
        })
        .await
    }
}
