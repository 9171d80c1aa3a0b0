//! `POST /messages/:id/regenerate`

use domain::conversation::ConversationCommand;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::run::{NewRun, execute_exchange};
use super::wire::Exchange;
use super::wire::RegenerateAnswer;
use crate::conversation::{Choice, choose, find_message};
use crate::http::{Body, Created, Ctx, Problem, Tag};

#[derive(Debug, Clone, Copy)]
pub struct Operation;

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
        let caller = &ctx.caller;
        ctx.catch_up().await?;
        let original = find_message(&ctx, id.0).await?;
        let conversation_id = original.conversation_id;
        let choice = Choice {
            assistant_id: body.value.assistant_id,
            model: body.value.model,
        };
        let chosen = choose(&ctx, conversation_id, choice).await?;
        // For a question the parent is wrong or missing, but the aggregate refuses to regenerate questions.
        let run = NewRun::new(conversation_id, original.parent_id.unwrap_or(id.0));
        let regenerate = ConversationCommand::RegenerateAnswer {
            actor: caller.id,
            original_id: id.0,
            answer: (run.message_id, run.response_id),
        };
        let steps = run.steps(caller, &ctx.meta, regenerate, chosen);
        let created = execute_exchange(&ctx, (None, steps), &body.bytes).await?;
        Ok(created.map(|exchange| exchange.with_siblings(original.sibling_ids)))
    }
}
