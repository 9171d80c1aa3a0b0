//! `POST /conversations/:id/erase`

use domain::Subject;
use domain::conversation::EraseConversation;
use eventstore::Execution;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use projections::command_write::CommandWrite;
use projections::job::JobKind;
use uuid::Uuid;

use super::{Tag, find};
use crate::http::{Ctx, Problem, StartedJob};
use crate::job::{self, JobResource};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Conversations")]
impl Operation {
    /// Erases a conversation.
    ///
    /// Erases the conversation at once, whether it is in the trash or not, and the files that only this conversation
    /// has in a job. This cannot be undone.
    #[oai(
        path = "/conversations/:id/erase",
        method = "post",
        operation_id = "eraseConversation"
    )]
    async fn erase_conversation(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<StartedJob<JobResource>, Problem> {
        ctx.catch_up().await?;
        if ctx.find_repeated(b"").await?.is_some() {
            let kind = JobKind::EraseConversation(id.0);
            let job = job::find_requested(&ctx, &kind).await?;
            return Ok(job::started_job(job));
        }
        find(&ctx, id.0).await?;
        let job = ctx.clock.new_id();
        ctx.execute(erasure(&ctx, id.0, job)).await?;
        Ok(job::started_job(job::find(&ctx, job).await?))
    }
}

/// The command that erases the conversation and requests the job for its files.
fn erasure(ctx: &Ctx, id: Uuid, job: Uuid) -> Execution {
    let actor = ctx.caller.id;
    let command = EraseConversation { actor: Some(actor) };
    ctx.command(id, b"", command)
        .with_key_destruction(&Subject::new("conversation", id))
        .with_write(CommandWrite::RequestJob {
            job,
            requested_by: actor,
            kind: JobKind::EraseConversation(id),
        })
}
