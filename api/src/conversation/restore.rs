//! `POST /conversations/:id/restore`

use domain::conversation::RestoreConversation;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::wire::ConversationResource;
use super::{Tag, change};
use crate::http::{Ctx, Problem, Single};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Conversations")]
impl Operation {
    /// Restores a conversation from the trash.
    ///
    /// The conversation is listed again.
    #[oai(
        path = "/conversations/:id/restore",
        method = "post",
        operation_id = "restoreConversation"
    )]
    async fn restore_conversation(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<Single<ConversationResource>, Problem> {
        let command = RestoreConversation {
            actor: ctx.caller.id,
        };
        change(&ctx, id.0, (command, b"")).await
    }
}
