//! `POST /conversations`

use eventstore::command::step_on_new;
use poem::Result;
use poem_openapi::OpenApi;
use projections::user::queries;

use super::choice;
use super::wire::ConversationResource;
use super::wire::CreateConversation;
use crate::http::{Body, Created, Ctx, Problem, Tag};
use crate::model;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Conversations")]
impl Operation {
    /// Creates a conversation.
    ///
    /// Uses the default assistant unless another one is given, with the caller's default model unless a model is given.
    /// Guests cannot create conversations.
    #[oai(
        path = "/conversations",
        method = "post",
        operation_id = "createConversation"
    )]
    async fn create_conversation(
        &self,
        ctx: Ctx,
        mut body: Body<CreateConversation>,
    ) -> Result<Created<ConversationResource>, Problem> {
        ctx.caller.require_creator()?;
        let assistant = choice::find_assistant(&ctx, body.value.assistant_id).await?;
        model::require_usable(&ctx.app, "/model", body.value.model.as_ref()).await?;
        if body.value.assistant_id.is_none() && body.value.model.is_none() {
            body.value.model = preferred_model(&ctx).await?;
        }
        let id = ctx.clock.new_id();
        let command = body.value.command(id, ctx.caller.id, assistant.id);
        let steps = vec![step_on_new(id, command)];
        let committed = ctx.execute(ctx.execution(&body.bytes, steps)).await?;
        let started = ConversationResource::from_started(&committed);
        let started = started.ok_or_else(Problem::not_found)?;
        Ok(Created::from_resource(started, committed.position))
    }
}

/// The default model of the caller, if it can be used.
async fn preferred_model(ctx: &Ctx) -> Result<Option<String>, Problem> {
    let preferences = queries::preferences(&ctx.pool, ctx.caller.id).await?;
    model::keep_usable(&ctx.app, preferences.default_model).await
}
