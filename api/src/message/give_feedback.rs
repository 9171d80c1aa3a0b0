//! `PUT /messages/:id/feedback`

use domain::conversation;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::Tag;
use super::wire::GiveFeedback;
use crate::conversation::find_message;
use crate::http::{Body, Ctx, NoContent, Problem};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Messages")]
impl Operation {
    /// Rates an answer.
    ///
    /// Says whether an answer was good, or removes the rating.
    #[oai(
        path = "/messages/:id/feedback",
        method = "put",
        operation_id = "giveFeedback"
    )]
    async fn give_feedback(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        body: Body<GiveFeedback>,
    ) -> Result<NoContent, Problem> {
        ctx.catch_up().await?;
        let message = find_message(&ctx, id.0).await?;
        let give = conversation::GiveFeedback {
            actor: ctx.caller.id,
            message_id: id.0,
            rating: body.value.rating.map(Into::into),
        };
        let id = message.conversation_id;
        let execution = ctx.command(id, &body.bytes, give);
        let committed = ctx.execute(execution).await?;
        Ok(NoContent::at(committed.position))
    }
}
