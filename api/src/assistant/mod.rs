//! Assistants.

mod activate;
mod create;
mod deactivate;
mod delete;
mod duplicate;
mod get;
mod list;
mod performance;
mod update;
mod version;
mod wire;

use domain::Command;
use domain::assistant::{Assistant, AssistantError, Status, UpdateAssistant};
use domain::user::Role;
use poem::Result;
use poem_openapi::{OpenApi, Tags};
use projections::assistant::{AssistantView, queries};
use projections::knowledge::queries as knowledge;
use uuid::Uuid;

use self::wire::AssistantResource;
use crate::http::{Caller, Ctx, Problem, Single};
use crate::model;

/// The area of the contract.
#[derive(Tags)]
pub(crate) enum Tag {
    /// Assistants, their versions and their performance.
    Assistants,
}

/// The operations of this feature.
pub(crate) fn operations() -> impl OpenApi {
    (
        list::Operation,
        create::Operation,
        get::Operation,
        update::Operation,
        delete::Operation,
        activate::Operation,
        deactivate::Operation,
        version::operations(),
        duplicate::Operation,
        performance::Operation,
    )
}

fn status_change(caller: &Caller, status: Status) -> UpdateAssistant {
    UpdateAssistant {
        editor: caller.editor(),
        configuration: None,
        visibility: None,
        status: Some(status),
    }
}

async fn change(
    ctx: &Ctx,
    id: Uuid,
    (command, body): (impl Command<Assistant>, &[u8]),
) -> Result<Single<AssistantResource>, Problem> {
    ctx.execute(ctx.command(id, body, command)).await?;
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

/// Fails if the installation does not have the model, or the caller may not read one of the knowledge bases.
async fn check_references(
    ctx: &Ctx,
    model: Option<&String>,
    knowledge_base_ids: Option<&[Uuid]>,
) -> Result<(), Problem> {
    model::require_usable(&ctx.app, "/model", model).await?;
    let ids = knowledge_base_ids.unwrap_or_default();
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
