//! `POST /projections/:name/parked/:aggregate_id/retry`

use poem::Result;
use poem::http::StatusCode;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use projections::projector::{self, RetryOutcome};
use uuid::Uuid;

use super::{Tag, find};
use crate::http::{Ctx, NoContent, Problem};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Log")]
impl Operation {
    /// Retries a parked object.
    ///
    /// Applies the waiting events of the object again. Requires the admin role.
    #[oai(
        path = "/projections/:name/parked/:aggregate_id/retry",
        method = "post",
        operation_id = "retryParked"
    )]
    async fn retry_parked(
        &self,
        ctx: Ctx,
        name: Path<String>,
        aggregate_id: Path<Uuid>,
    ) -> Result<NoContent, Problem> {
        ctx.caller.require_admin()?;
        let view = find(&name.0)?;
        let scope = aggregate_id.0.to_string();
        match projector::retry_parked(&ctx.app.source(), view.as_ref(), &scope).await? {
            RetryOutcome::NotParked => Err(Problem::not_found()),
            RetryOutcome::Applied => Ok(NoContent::at(ctx.feed.head())),
            RetryOutcome::Parked(parked) => Err(Problem::new(
                StatusCode::CONFLICT,
                "still_parked",
                format!(
                    "the event at position {} still fails: {}",
                    parked.position, parked.error
                ),
            )),
        }
    }
}
