//! `POST /assistants`

use domain::assistant::{Assistant, AssistantCommand, Configuration};
use poem::Result;
use poem_openapi::OpenApi;
use uuid::Uuid;

use super::wire::{AssistantResource, CreateAssistant};
use super::{require_readable_knowledge, show};
use crate::http::{Body, Created, Ctx, Problem, Tag};
use crate::model;

#[derive(Debug, Clone, Copy)]
pub struct Operation;

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
        let caller = &ctx.caller;
        let input = body.value;
        if let Some(model) = &input.model {
            model::require_known(&ctx.app, "/model", model).await?;
        }
        let id = Uuid::now_v7();
        let (description, instructions) = (
            input.description.unwrap_or_default(),
            input.instructions.unwrap_or_default(),
        );
        let knowledge = input.knowledge_base_ids.unwrap_or_default();
        require_readable_knowledge(&ctx, &knowledge).await?;
        let configuration =
            Configuration::parse(id, input.name.as_str(), &description, &instructions)
                .and_then(|c| c.with_model(input.model, input.temperature, input.max_output_tokens))
                .and_then(|c| c.with_knowledge(knowledge))
                .map_err(Problem::refused)?;
        let command = AssistantCommand::CreateAssistant {
            owner: Some(caller.editor()),
            configuration,
            visibility: input.visibility.map(Into::into).unwrap_or_default(),
            status: input.status.map(Into::into).unwrap_or_default(),
            is_default: false,
        };
        let execution = ctx.creation::<Assistant>(id, &body.bytes, command);
        ctx.create(execution, |id| show(&ctx, id)).await
    }
}
