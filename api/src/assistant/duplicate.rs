//! `POST /assistants/:id/duplicate`

use domain::assistant::{CreateAssistant, Status, Visibility};
use domain::text;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::version::list_versions;
use super::wire::AssistantResource;
use super::{Tag, find_changeable, show};
use crate::http::{Created, Ctx, Problem};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Assistants")]
impl Operation {
    /// Duplicates an assistant.
    ///
    /// Creates a private draft of the caller with the same configuration. Requires the right to change the original.
    #[oai(
        path = "/assistants/:id/duplicate",
        method = "post",
        operation_id = "duplicateAssistant"
    )]
    async fn duplicate_assistant(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<Created<AssistantResource>, Problem> {
        ctx.catch_up().await?;
        find_changeable(&ctx, id.0).await?;
        let original = list_versions(&ctx.app, id.0).await?.pop();
        let original = original.ok_or_else(Problem::not_found)?;
        let (copy, name) = (ctx.clock.new_id(), copy_name(&original.name));
        let command = CreateAssistant {
            owner: Some(ctx.caller.editor()),
            configuration: original.configuration(copy, &name)?,
            visibility: Visibility::Private,
            status: Status::Draft,
            is_default: false,
        };
        let execution = ctx.creation(copy, b"", command);
        ctx.create(execution, |id| show(&ctx, id)).await
    }
}

/// The name of a copy, which fits the length limit of names.
fn copy_name(original: &str) -> String {
    let name: String = original.chars().take(90).collect();
    format!("{} (copy)", text::flatten(&name))
}
