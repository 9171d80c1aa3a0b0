//! `DELETE /conversations/:id`

use domain::conversation::TrashConversation;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::Tag;
use crate::http::{Ctx, NoContent, Problem};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Conversations")]
impl Operation {
    /// Moves a conversation to the trash.
    ///
    /// The conversation can be restored from there.
    #[oai(
        path = "/conversations/:id",
        method = "delete",
        operation_id = "trashConversation"
    )]
    async fn trash_conversation(&self, ctx: Ctx, id: Path<Uuid>) -> Result<NoContent, Problem> {
        let command = TrashConversation {
            actor: ctx.caller.id,
        };
        let execution = ctx.command(id.0, b"", command);
        let committed = ctx.execute(execution).await?;
        Ok(NoContent::at(committed.position))
    }
}
