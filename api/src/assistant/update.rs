//! `PATCH /assistants/:id`

use domain::assistant;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::wire::{AssistantResource, UpdateAssistant};
use super::{Tag, check_references, find, show};
use crate::http::{Body, Ctx, Problem, Single};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

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
        let input = &body.value;
        let bases = input.knowledge_base_ids.as_deref();
        ctx.change(id.0, &body.bytes, || async {
            let before = find(&ctx, id.0).await?;
            check_references(&ctx, input.model.value(), bases).await?;
            let command = assistant::UpdateAssistant {
                editor: ctx.caller.editor(),
                configuration: input.configuration(&before)?,
                visibility: input.visibility.map(Into::into),
                status: input.status.map(Into::into),
            };
            Ok((before.version, command))
        })
        .await?;
        ctx.reply(show(&ctx, id.0)).await
    }
}
