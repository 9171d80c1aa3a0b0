//! `POST /messages/:id/regenerate`

use domain::conversation;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::Tag;
use super::run::NewRun;
use super::wire::Exchange;
use super::wire::RegenerateAnswer;
use crate::conversation::{choose, find_message};
use crate::http::{Body, Created, Ctx, Problem};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Messages")]
impl Operation {
    /// Regenerates an answer.
    ///
    /// Requests another answer to the same question; the earlier answer is kept as its sibling.
    #[oai(
        path = "/messages/:id/regenerate",
        method = "post",
        operation_id = "regenerateAnswer"
    )]
    async fn regenerate_answer(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        body: Body<RegenerateAnswer>,
    ) -> Result<Created<Exchange>, Problem> {
        ctx.catch_up().await?;
        let original = find_message(&ctx, id.0).await?;
        let conversation_id = original.conversation_id;
        let chosen = choose(&ctx, conversation_id, body.value.into()).await?;
        // For a question the parent is wrong or missing, but the aggregate refuses to regenerate questions.
        let prompt = original.parent_id.unwrap_or(id.0);
        let run = NewRun::new(&ctx.clock, conversation_id, prompt);
        let regenerate = conversation::RegenerateAnswer {
            actor: ctx.caller.id,
            original_id: id.0,
            answer: run.answer(),
        };
        let plan = run.plan(&ctx, ctx.step(conversation_id, regenerate), Some(chosen));
        let plan = plan.without_slot();
        plan.execute(&ctx, &body.bytes, original.sibling_ids).await
    }
}
