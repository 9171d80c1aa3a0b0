//! `GET /responses/:id`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::wire::ResponseResource;
use super::{Tag, find};
use crate::http::{Ctx, Problem, Unversioned};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Responses")]
impl Operation {
    /// Reads a run.
    ///
    /// One run of an assistant: its status, its usage and how it ended.
    #[oai(path = "/responses/:id", method = "get", operation_id = "getResponse")]
    async fn get_response(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<Unversioned<ResponseResource>, Problem> {
        let position = ctx.read_position().await?;
        let view = find(&ctx, id.0).await?;
        Ok(Unversioned::new(view.into(), position))
    }
}
