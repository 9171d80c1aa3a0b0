//! `GET /assistants/:id/versions`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::{AssistantVersion, list_versions};
use crate::assistant::Tag;
use crate::assistant::find_changeable;
use crate::http::{Ctx, List, Problem, Unversioned};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Assistants")]
impl Operation {
    /// Lists the versions of an assistant.
    ///
    /// The newest version comes first. Requires the right to change the assistant.
    #[oai(
        path = "/assistants/:id/versions",
        method = "get",
        operation_id = "listAssistantVersions"
    )]
    async fn list_assistant_versions(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<Unversioned<List<AssistantVersion>>, Problem> {
        let position = ctx.read_position().await?;
        find_changeable(&ctx, id.0).await?;
        let versions = list_versions(&ctx.app, id.0).await?;
        let list = List::single_page(versions.into_iter().rev());
        Ok(Unversioned::new(list, position))
    }
}
