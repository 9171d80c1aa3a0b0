//! `PUT /conversations/:id/read-marker`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::wire::MoveReadMarker;
use super::{Tag, mark_read_step};
use crate::http::{Body, Ctx, NoContent, Problem};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Conversations")]
impl Operation {
    /// Moves the read marker.
    ///
    /// Stores up to which message the caller has read, in the order in which the messages were posted. A marker never
    /// moves back: an earlier message changes nothing.
    #[oai(
        path = "/conversations/:id/read-marker",
        method = "put",
        operation_id = "moveReadMarker"
    )]
    async fn move_read_marker(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        body: Body<MoveReadMarker>,
    ) -> Result<NoContent, Problem> {
        let step = mark_read_step(
            &ctx.caller,
            id.0,
            body.value.message_id,
            ctx.meta.expected(),
        );
        let execution = ctx.execution(&body.bytes, vec![step]);
        let committed = ctx.execute(execution).await?;
        Ok(NoContent::at(committed.position))
    }
}
