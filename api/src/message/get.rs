//! `GET /messages/:id`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::Tag;
use super::wire::MessageResource;
use crate::conversation::find_message;
use crate::http::{Ctx, Problem, Unversioned};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Messages")]
impl Operation {
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
}
