//! `GET /conversations/:id`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::wire::ConversationResource;
use super::{Tag, find};
use crate::http::{Ctx, Problem, Single};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Conversations")]
impl Operation {
    /// Reads a conversation.
    ///
    /// Only the owner can read a conversation.
    #[oai(
        path = "/conversations/:id",
        method = "get",
        operation_id = "getConversation"
    )]
    async fn get_conversation(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<Single<ConversationResource>, Problem> {
        ctx.get(find(&ctx, id.0)).await
    }
}
