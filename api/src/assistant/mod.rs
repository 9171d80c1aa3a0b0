//! Assistants.

mod request;
mod versions;

use domain::assistant::{Assistant, AssistantCommand, AssistantError, Configuration, Status};
use domain::user::Role;
use eventstore::executor::step;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::types::MaybeUndefined;
use projections::assistant::{AssistantView, queries};
use projections::knowledge::queries as knowledge;
use uuid::Uuid;

use self::request::{AssistantResource, CreateAssistant, UpdateAssistant};
pub use self::versions::AssistantVersionApi;
use crate::http::{Body, Caller, Created, Ctx, List, NoContent, Problem, Single, Tag, Unversioned};
use crate::model;

#[derive(Debug, Clone, Copy)]
pub struct AssistantApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Assistants")]
impl AssistantApi {
    /// Lists the assistants that the caller may see.
    ///
    /// The caller's own assistants and those that are visible to everyone.
    #[oai(path = "/assistants", method = "get", operation_id = "listAssistants")]
    async fn list_assistants(
        &self,
        ctx: Ctx,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<AssistantResource>>, Problem> {
        let page = ctx.page("assistants", limit.0, cursor.0.as_deref())?;
        ctx.list(page, async |after, limit| {
            let page = queries::list(&ctx.pool, ctx.caller.id, after, limit).await?;
            Ok::<_, Problem>(page.map(|view| AssistantResource::for_caller(&ctx.caller, view)))
        })
        .await
    }

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

    /// Reads an assistant.
    ///
    /// Instructions are shown only to callers who may change the assistant.
    #[oai(
        path = "/assistants/:id",
        method = "get",
        operation_id = "getAssistant"
    )]
    async fn get_assistant(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<Single<AssistantResource>, Problem> {
        ctx.get(show(&ctx, id.0)).await
    }

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

    /// Deletes an assistant.
    ///
    /// Only the owner can delete an assistant. Its answers are kept.
    #[oai(
        path = "/assistants/:id",
        method = "delete",
        operation_id = "deleteAssistant"
    )]
    async fn delete_assistant(&self, ctx: Ctx, id: Path<Uuid>) -> Result<NoContent, Problem> {
        let command = AssistantCommand::DeleteAssistant {
            editor: ctx.caller.editor(),
        };
        let execution = ctx.command::<Assistant>(id.0, b"", command);
        let committed = ctx.execute(execution).await?;
        Ok(NoContent::at(committed.position))
    }

    /// Activates an assistant.
    ///
    /// Everyone who can see the assistant can then use it.
    #[oai(
        path = "/assistants/:id/activate",
        method = "post",
        operation_id = "activateAssistant"
    )]
    async fn activate_assistant(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<Single<AssistantResource>, Problem> {
        let command = status_change(&ctx.caller, Status::Active);
        change(&ctx, id.0, (command, b"")).await
    }

    /// Deactivates an assistant.
    ///
    /// Other users get 409 `assistant_not_active` until it is activated again.
    #[oai(
        path = "/assistants/:id/deactivate",
        method = "post",
        operation_id = "deactivateAssistant"
    )]
    async fn deactivate_assistant(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<Single<AssistantResource>, Problem> {
        let command = status_change(&ctx.caller, Status::Inactive);
        change(&ctx, id.0, (command, b"")).await
    }
}

fn status_change(caller: &Caller, status: Status) -> AssistantCommand {
    AssistantCommand::UpdateAssistant {
        editor: caller.editor(),
        configuration: None,
        visibility: None,
        status: Some(status),
    }
}

async fn change(
    ctx: &Ctx,
    id: Uuid,
    (command, body): (AssistantCommand, &[u8]),
) -> Result<Single<AssistantResource>, Problem> {
    let steps = vec![step::<Assistant>(id, ctx.meta.expected(), command)];
    ctx.execute(ctx.execution(body, steps)).await?;
    ctx.reply(show(ctx, id)).await
}

/// Finds an assistant and shows what the caller may see of it.
async fn show(ctx: &Ctx, id: Uuid) -> Result<AssistantResource, Problem> {
    let view = find(ctx, id).await?;
    Ok(AssistantResource::for_caller(&ctx.caller, view))
}

/// Whether the caller may change an assistant, and therefore read its instructions: the owner, or an administrator if
/// it has no owner.
pub(crate) fn may_change(caller: &Caller, owner: Option<Uuid>) -> bool {
    match owner {
        Some(owner) => owner == caller.id,
        None => caller.role == Role::Admin,
    }
}

/// Finds an assistant that the caller may change.
async fn find_changeable(ctx: &Ctx, id: Uuid) -> Result<AssistantView, Problem> {
    let assistant = find(ctx, id).await?;
    match may_change(&ctx.caller, assistant.owner_id) {
        true => Ok(assistant),
        false => Err(Problem::refused(AssistantError::NotOwner)),
    }
}

async fn find(ctx: &Ctx, id: Uuid) -> Result<AssistantView, Problem> {
    queries::find(&ctx.pool, ctx.caller.id, id)
        .await?
        .ok_or_else(Problem::not_found)
}

/// Fails if the caller may not read one of the knowledge bases.
async fn require_readable_knowledge(ctx: &Ctx, ids: &[Uuid]) -> Result<(), Problem> {
    if ids.is_empty() {
        return Ok(());
    }
    let readable = knowledge::filter_readable(&ctx.pool, ctx.caller.id, ids).await?;
    match ids.iter().position(|id| !readable.contains(id)) {
        None => Ok(()),
        Some(index) => Err(Problem::invalid(
            &format!("/knowledge_base_ids/{index}"),
            "unknown_knowledge_base",
            "this knowledge base does not exist, or you may not read it",
        )),
    }
}
