//! `POST /conversations`

use domain::conversation::{Parent, PostMessage};
use eventstore::command::{step, step_on_new};
use poem::Result;
use poem_openapi::OpenApi;
use projections::assistant::AssistantView;
use projections::user::queries;
use uuid::Uuid;

use super::started::StartedConversation;
use super::wire::{CreateConversation, FirstMessage};
use super::{Tag, choice};
use crate::file::require_own_files;
use crate::http::{Body, Created, Ctx, Problem};
use crate::message::{ExchangePlan, NewRun};
use crate::model;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Conversations")]
impl Operation {
    /// Creates a conversation.
    ///
    /// Uses the default assistant unless another one is given, with the caller's default model unless a model is given.
    /// Can post the first message as well: then either both happen or nothing does. Guests cannot create conversations.
    #[oai(
        path = "/conversations",
        method = "post",
        operation_id = "createConversation"
    )]
    async fn create_conversation(
        &self,
        ctx: Ctx,
        body: Body<CreateConversation>,
    ) -> Result<Created<StartedConversation>, Problem> {
        ctx.caller.require_creator()?;
        let Body { mut value, bytes } = body;
        let assistant = choice::find_assistant(&ctx, value.assistant_id).await?;
        value.model = choose_model(&ctx, &value).await?;
        let id = ctx.clock.new_id();
        let plan = plan_first_message(&ctx, id, &mut value, &assistant).await?;
        let start = value.command(id, ctx.caller.id, assistant.id);
        let plan = plan.preceded_by(step_on_new(id, start));
        let committed = plan.commit(&ctx, &bytes).await;
        let committed = committed.map_err(|problem| problem.within("/message", MESSAGE_FIELDS))?;
        StartedConversation::from_committed(&committed)
    }
}

/// The fields of the first message that can be invalid.
const MESSAGE_FIELDS: &[&str] = &["/content", "/attachment_ids"];

/// The model that is given, or the default model of the caller if no assistant is given either.
async fn choose_model(ctx: &Ctx, input: &CreateConversation) -> Result<Option<String>, Problem> {
    if input.model.is_none() && input.assistant_id.is_none() {
        let preferences = queries::preferences(&ctx.pool, ctx.caller.id).await?;
        return model::keep_usable(&ctx.app, preferences.default_model).await;
    }
    model::require_usable(&ctx.app, "/model", input.model.as_ref()).await?;
    Ok(input.model.clone())
}

/// Plans to post the first message and to answer it, if there is one.
async fn plan_first_message(
    ctx: &Ctx,
    conversation_id: Uuid,
    input: &mut CreateConversation,
    assistant: &AssistantView,
) -> Result<ExchangePlan, Problem> {
    let Some(message) = input.message.take() else {
        return Ok(ExchangePlan::default());
    };
    let answerer = choice::choose_first(ctx, assistant, input.model.clone()).await?;
    let FirstMessage {
        content,
        attachment_ids,
    } = message;
    let attachments = require_own_files(ctx, &attachment_ids.unwrap_or_default()).await;
    let run = NewRun::new(&ctx.clock, conversation_id, ctx.clock.new_id());
    let post = PostMessage {
        conversation_id,
        actor: ctx.caller.id,
        message_id: run.prompt_message_id,
        parent: Parent::Root,
        content,
        attachments: attachments.map_err(|problem| problem.within("/message", MESSAGE_FIELDS))?,
        answer: Some(run.answer()),
    };
    Ok(run.plan(ctx, step(conversation_id, None, post), Some(answerer)))
}
