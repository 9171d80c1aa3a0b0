//! `DELETE /knowledge-bases/:id`

use domain::Subject;
use domain::knowledge::DeleteKnowledgeBase;
use eventstore::Execution;
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
        let command = DeleteKnowledgeBase {
            editor: ctx.caller.editor(),
        };
        ctx.delete(find_owned(&ctx, id.0), |_| {
            let execution = ctx
                .command(id.0, b"", command)
                .with_key_destruction(&Subject::new("knowledge_base", id.0));
            with_erasure_job(execution, ctx.caller.id, id.0)
        })
        .await
    }
}

/// Requests the job that erases the documents, in the transaction of a command.
fn with_erasure_job(execution: Execution, requested_by: Uuid, base: Uuid) -> Execution {
    let job = Uuid::now_v7();
    execution.with_write(move |connection| {
        Box::pin(async move {
            let kind = JobKind::EraseKnowledgeBase(base);
            jobs::request(connection, job, requested_by, &kind).await?;
            Ok(())
        })
    })
}
