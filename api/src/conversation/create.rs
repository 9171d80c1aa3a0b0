//! `POST /conversations`

use eventstore::command::step_on_new;
use poem::Result;
use poem_openapi::OpenApi;

use super::wire::ConversationResource;
use super::wire::CreateConversation;
use super::{Tag, choice};
use crate::http::{Body, Created, Ctx, Problem};
use crate::model;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Conversations")]
impl Operation {
    /// Creates a conversation.
    ///
    /// Uses the default assistant unless another one is given. Guests cannot create conversations.
    #[oai(
        path = "/conversations",
        method = "post",
        operation_id = "createConversation"
    )]
    async fn create_conversation(
        &self,
        ctx: Ctx,
        body: Body<CreateConversation>,
    ) -> Result<Created<ConversationResource>, Problem> {
        ctx.caller.require_creator()?;
        let assistant = choice::find_assistant(&ctx, body.value.assistant_id).await?;
        model::require_known(&ctx.app, "/model", body.value.model.as_ref()).await?;
        let id = ctx.clock.new_id();
        let command = body.value.command(id, ctx.caller.id, assistant.id);
        let steps = vec![step_on_new(id, command)];
        let committed = ctx.execute(ctx.execution(&body.bytes, steps)).await?;
        let started = ConversationResource::from_started(&committed);
        let started = started.ok_or_else(Problem::not_found)?;
        Ok(Created::from_resource(started, committed.position))
    }
}
