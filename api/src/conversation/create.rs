//! `POST /conversations`

use domain::conversation::{Conversation, ConversationCommand};
use eventstore::executor::step_on_new;
use poem::Result;
use poem_openapi::OpenApi;
use uuid::Uuid;

use super::choice;
use super::wire::ConversationResource;
use super::wire::CreateConversation;
use crate::http::{Body, Created, Ctx, Problem, Tag};
use crate::model;

#[derive(Debug, Clone, Copy)]
pub struct Operation;

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
        let caller = &ctx.caller;
        caller.require_creator()?;
        let assistant = choice::find_assistant(&ctx, body.value.assistant_id).await?;
        if let Some(model) = &body.value.model {
            model::require_known(&ctx.app, "/model", model).await?;
        }
        let id = Uuid::now_v7();
        let command = ConversationCommand::StartConversation {
            conversation_id: id,
            owner_id: caller.id,
            title: body.value.title,
            assistant_id: assistant.id,
            model: body.value.model,
        };
        let steps = vec![step_on_new::<Conversation>(id, command)];
        let execution = ctx.execution(&body.bytes, steps);
        let committed = ctx.execute(execution).await?;
        let resource =
            ConversationResource::from_started(&committed).ok_or_else(Problem::not_found)?;
        let location = format!("/api/v1/conversations/{}", resource.id);
        Ok(Created::new(resource, location, 1, committed.position))
    }
}
