//! `PATCH /conversations/:id`

use domain::conversation::ConversationCommand;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::types::MaybeUndefined;
use uuid::Uuid;

use super::change;
use super::choice;
use super::wire::ConversationResource;
use super::wire::UpdateConversation;
use crate::http::{Body, Ctx, Problem, Single, Tag};
use crate::model;

#[derive(Debug, Clone, Copy)]
pub struct Operation;

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
        let caller = &ctx.caller;
        if let Some(assistant_id) = body.value.assistant_id {
            choice::find_assistant(&ctx, Some(assistant_id)).await?;
        }
        if let MaybeUndefined::Value(model) = &body.value.model {
            model::require_known(&ctx.app, "/model", model).await?;
        }
        let command = ConversationCommand::UpdateConversation {
            conversation_id: id.0,
            actor: caller.id,
            title: body.value.title,
            archived: body.value.archived,
            pinned: body.value.pinned,
            assistant_id: body.value.assistant_id,
            model: match body.value.model {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(None),
                MaybeUndefined::Value(model) => Some(Some(model)),
            },
        };
        change(&ctx, id.0, (command, &body.bytes)).await
    }
}
