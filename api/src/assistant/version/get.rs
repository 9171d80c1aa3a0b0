//! `GET /assistants/:id/versions/:n`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::{AssistantVersion, find_version};
use crate::assistant::Tag;
use crate::assistant::find_changeable;
use crate::http::{Ctx, Problem, Unversioned};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Assistants")]
impl Operation {
    /// Reads a version of an assistant.
    ///
    /// Requires the right to change the assistant.
    #[oai(
        path = "/assistants/:id/versions/:n",
        method = "get",
        operation_id = "getAssistantVersion"
    )]
    async fn get_assistant_version(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        n: Path<u32>,
    ) -> Result<Unversioned<AssistantVersion>, Problem> {
        let position = ctx.read_position().await?;
        find_changeable(&ctx, id.0).await?;
        Ok(Unversioned::new(
            find_version(&ctx.app, id.0, n.0).await?,
            position,
        ))
    }
}
