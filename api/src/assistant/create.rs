//! `POST /assistants`

use domain::assistant;
use poem::Result;
use poem_openapi::OpenApi;

use super::wire::{AssistantResource, CreateAssistant};
use super::{Tag, check_references, show};
use crate::http::{Body, Created, Ctx, Problem};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Assistants")]
impl Operation {
    /// Creates an assistant.
    ///
    /// The assistant is a draft unless a status is given. Guests cannot create assistants.
    #[oai(
        path = "/assistants",
        method = "post",
        operation_id = "createAssistant"
    )]
    async fn create_assistant(
        &self,
        ctx: Ctx,
        body: Body<CreateAssistant>,
    ) -> Result<Created<AssistantResource>, Problem> {
        let input = body.value;
        let bases = input.knowledge_base_ids.as_deref();
        check_references(&ctx, input.model.as_ref(), bases).await?;
        let id = ctx.clock.new_id();
        let command = assistant::CreateAssistant {
            owner: Some(ctx.caller.editor()),
            visibility: input.visibility.map(Into::into).unwrap_or_default(),
            status: input.status.map(Into::into).unwrap_or_default(),
            configuration: input.configuration(id).map_err(Problem::refused)?,
            is_default: false,
        };
        let execution = ctx.creation(id, &body.bytes, command);
        ctx.create(execution, |id| show(&ctx, id)).await
    }
}
