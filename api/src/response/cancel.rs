//! `POST /responses/:id/cancel`

use domain::response::CancelResponse;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::wire::ResponseResource;
use super::{Tag, find};
use crate::http::{Accepted, Ctx, Problem};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Responses")]
impl Operation {
    /// Cancels a run.
    ///
    /// Asks the run to stop. The text written so far is kept.
    #[oai(
        path = "/responses/:id/cancel",
        method = "post",
        operation_id = "cancelResponse"
    )]
    async fn cancel_response(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<Accepted<ResponseResource>, Problem> {
        ctx.catch_up().await?;
        find(&ctx, id.0).await?;
        let command = CancelResponse { by: ctx.caller.id };
        let execution = ctx.creation(id.0, b"", command);
        let committed = ctx.execute(execution).await?;
        ctx.catch_up().await?;
        let view = find(&ctx, id.0).await?;
        Ok(Accepted::Accepted(
            poem_openapi::payload::Json(view.into()),
            committed.position.to_string(),
        ))
    }
}
