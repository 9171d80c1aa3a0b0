//! `PATCH /assistants/:id`

use domain::assistant::{Assistant, AssistantCommand};
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::types::MaybeUndefined;
use uuid::Uuid;

use super::wire::{AssistantResource, UpdateAssistant};
use super::{find, require_readable_knowledge, show};
use crate::http::{Body, Ctx, Problem, Single, Tag};
use crate::model;

#[derive(Debug, Clone, Copy)]
pub struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Assistants")]
impl Operation {
    /// Changes an assistant.
    ///
    /// Changes the given fields and leaves the others. A changed configuration becomes a new version.
    #[oai(
        path = "/assistants/:id",
        method = "patch",
        operation_id = "updateAssistant"
    )]
    async fn update_assistant(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        body: Body<UpdateAssistant>,
    ) -> Result<Single<AssistantResource>, Problem> {
        let knowledge = body.value.knowledge_base_ids.as_deref().unwrap_or_default();
        ctx.change::<Assistant, _>(id.0, &body.bytes, || async {
            let before = find(&ctx, id.0).await?;
            if let MaybeUndefined::Value(model) = &body.value.model {
                model::require_known(&ctx, "/model", model).await?;
            }
            require_readable_knowledge(&ctx, knowledge).await?;
            let version = before.version;
            let command = AssistantCommand::UpdateAssistant {
                editor: ctx.caller.editor(),
                configuration: body.value.configuration(before)?,
                visibility: body.value.visibility.map(Into::into),
                status: body.value.status.map(Into::into),
            };
            Ok((version, command))
        })
        .await?;
        ctx.reply(show(&ctx, id.0)).await
    }
}
