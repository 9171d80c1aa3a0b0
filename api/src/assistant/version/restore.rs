//! `POST /assistants/:id/versions/:n/restore`

use domain::assistant::UpdateAssistant;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::find_version;
use crate::assistant::Tag;
use crate::assistant::wire::AssistantResource;
use crate::assistant::{change, find_changeable};
use crate::http::{Ctx, Problem, Single};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Assistants")]
impl Operation {
    /// Restores a version of an assistant.
    ///
    /// The configuration of the earlier version becomes the current one, as a new version.
    #[oai(
        path = "/assistants/:id/versions/:n/restore",
        method = "post",
        operation_id = "restoreAssistantVersion"
    )]
    async fn restore_assistant_version(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        n: Path<u32>,
    ) -> Result<Single<AssistantResource>, Problem> {
        ctx.catch_up().await?;
        find_changeable(&ctx, id.0).await?;
        let earlier = find_version(&ctx.app, id.0, n.0).await?;
        let name = earlier.name.clone();
        let command = UpdateAssistant {
            editor: ctx.caller.editor(),
            configuration: Some(earlier.configuration(id.0, &name)?),
            visibility: None,
            status: None,
        };
        change(&ctx, id.0, (command, b"")).await
    }
}
