//! `PATCH /conversations/:id`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::choice;
use super::wire::ConversationResource;
use super::wire::UpdateConversation;
use super::{Tag, change};
use crate::http::{Body, Ctx, Problem, Single};
use crate::model;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Conversations")]
impl Operation {
    /// Changes a conversation.
    ///
    /// Changes the given fields and leaves the others.
    #[oai(
        path = "/conversations/:id",
        method = "patch",
        operation_id = "updateConversation"
    )]
    async fn update_conversation(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        body: Body<UpdateConversation>,
    ) -> Result<Single<ConversationResource>, Problem> {
        if let Some(assistant_id) = body.value.assistant_id {
            choice::find_assistant(&ctx, Some(assistant_id)).await?;
        }
        model::require_usable(&ctx.app, "/model", body.value.model.value()).await?;
        let command = body.value.command(id.0, ctx.caller.id);
        change(&ctx, id.0, (command, &body.bytes)).await
    }
}
