//! Messages: reading, editing and rating them, regenerating answers.

mod request;
mod run;

use domain::conversation::{Conversation, ConversationCommand};
use eventstore::executor::step;
use eventstore::reply_slots::Lane;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

pub(crate) use self::request::Exchange;
use self::request::{EditMessage, GiveFeedback, RegenerateAnswer};
pub(crate) use self::request::{MessageResource, PostMessage};
pub(crate) use self::run::{NewRun, execute_exchange};
use crate::conversation::{Choice, choose, find_message};
use crate::file::require_own_files;
use crate::http::{Body, Created, Ctx, NoContent, Problem, Tag, Unversioned};

#[derive(Debug, Clone, Copy)]
pub struct MessageApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Messages")]
impl MessageApi {
    /// Reads a message.
    ///
    /// For the owner of the conversation.
    #[oai(path = "/messages/:id", method = "get", operation_id = "getMessage")]
    async fn get_message(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<Unversioned<MessageResource>, Problem> {
        let position = ctx.read_position().await?;
        let message = find_message(&ctx, id.0).await?;
        Ok(Unversioned::new(message.into(), position))
    }

    /// Edits and resends a message.
    ///
    /// The original stays; the new message becomes its sibling and is answered.
    #[oai(
        path = "/messages/:id/edit",
        method = "post",
        operation_id = "editMessage"
    )]
    async fn edit_message(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        body: Body<EditMessage>,
    ) -> Result<Created<Exchange>, Problem> {
        let caller = &ctx.caller;
        ctx.catch_up().await?;
        let original = find_message(&ctx, id.0).await?;
        let conversation_id = original.conversation_id;
        let chosen = choose(&ctx, conversation_id, Choice::default()).await?;
        let attachments = match body.value.attachment_ids {
            Some(ids) => require_own_files(&ctx, ids).await?,
            None => original.attachments,
        };
        let run = NewRun::new(conversation_id, Uuid::now_v7());
        let edit = ConversationCommand::EditMessage {
            conversation_id,
            actor: caller.id,
            original_id: id.0,
            message_id: run.prompt_message_id,
            content: body.value.content,
            attachments,
            answer: Some((run.message_id, run.response_id)),
        };
        let lane = Lane::from_model(&chosen.model);
        let steps = run.steps(caller, &ctx.meta, edit, chosen);
        let plan = (Some((run.response_id, lane)), steps);
        let created = execute_exchange(&ctx, plan, &body.bytes).await?;
        Ok(created.map(|exchange| exchange.with_siblings(original.sibling_ids)))
    }

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

    /// Rates an answer.
    ///
    /// Says whether an answer was good, or removes the rating.
    #[oai(
        path = "/messages/:id/feedback",
        method = "put",
        operation_id = "giveFeedback"
    )]
    async fn give_feedback(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        body: Body<GiveFeedback>,
    ) -> Result<NoContent, Problem> {
        let caller = &ctx.caller;
        ctx.catch_up().await?;
        let message = find_message(&ctx, id.0).await?;
        let give = ConversationCommand::GiveFeedback {
            actor: caller.id,
            message_id: id.0,
            rating: body.value.rating.map(Into::into),
        };
        let step = step::<Conversation>(message.conversation_id, ctx.meta.expected(), give);
        let execution = ctx.execution(&body.bytes, vec![step]);
        let committed = ctx.execute(execution).await?;
        Ok(NoContent::at(committed.position))
    }
}
