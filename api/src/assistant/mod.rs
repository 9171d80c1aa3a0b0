//! Assistants: one's own and those for everyone.

mod request;
mod versions;

use std::sync::Arc;

use domain::assistant::{Assistant, AssistantCommand, AssistantError, Configuration, Status};
use domain::user::Role;
use eventstore::executor::step;
use poem::Result;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::types::MaybeUndefined;
use projections::assistant::{AssistantView, queries};
use projections::knowledge::queries as knowledge;
use uuid::Uuid;

use self::request::{AssistantResource, CreateAssistant, UpdateAssistant};
pub use self::versions::AssistantVersionApi;
use crate::answer::{Done, List, Made, One, Plain};
use crate::auth::{Auth, Caller};
use crate::body::Body;
use crate::cursor::{self, Query as CursorQuery};
use crate::head::Head;
use crate::merge::Merge;
use crate::model;
use crate::problem::Problem;
use crate::state::App;
use crate::tag::Tag;

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
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Plain<List<AssistantResource>>, Problem> {
        let limit = cursor::limit(limit.0)?;
        let query = CursorQuery {
            reader: auth.0.id,
            text: "assistants",
        };
        let after = app.parse_cursor(query, cursor.0.as_deref())?;
        let position = app.read_position(auth.0.id, head.min_position).await?;
        let page = queries::list(&app.pool, auth.0.id, after, limit).await?;
        let list = List {
            next_cursor: page.next.and_then(|key| app.cursor(query, &key)),
            items: page
                .items
                .into_iter()
                .map(|view| AssistantResource::seen_by(&auth.0, view))
                .collect(),
        };
        Ok(Plain::new(list, position))
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
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        body: Body<CreateAssistant>,
    ) -> Result<Made<AssistantResource>, Problem> {
        let caller = auth.0;
        let input = body.value;
        if let Some(model) = &input.model {
            model::known(&app, "/model", model).await?;
        }
        let id = Uuid::now_v7();
        let (description, instructions) = (
            input.description.unwrap_or_default(),
            input.instructions.unwrap_or_default(),
        );
        let knowledge = input.knowledge_base_ids.unwrap_or_default();
        knowledge_known(&app, &caller, &knowledge).await?;
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
        let steps = vec![step::<Assistant>(id, None, command)];
        let execution = head.execution(&caller, &body.bytes, steps);
        let committed = app.execute(caller.id, execution).await?;
        let id = committed
            .events
            .first()
            .map_or(id, |event| event.aggregate_id);
        app.read_position(caller.id, None).await?;
        let view = find(&app, &caller, id).await?;
        let (version, location) = (view.version, format!("/api/v1/assistants/{id}"));
        Ok(Made::new(
            AssistantResource::seen_by(&caller, view),
            location,
            version,
            committed.position,
        ))
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
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        id: Path<Uuid>,
    ) -> Result<One<AssistantResource>, Problem> {
        let position = app.read_position(auth.0.id, head.min_position).await?;
        let view = find(&app, &auth.0, id.0).await?;
        let version = view.version;
        let resource = AssistantResource::seen_by(&auth.0, view);
        Ok(One::new(resource, version, position))
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
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        id: Path<Uuid>,
        body: Body<UpdateAssistant>,
    ) -> Result<One<AssistantResource>, Problem> {
        let caller = auth.0;
        app.read_position(caller.id, None).await?;
        let mut merge = Merge::new(&app, &caller, &head, &body.bytes);
        if merge.is_repeated().await? {
            return changed(&app, &caller, id.0).await;
        }
        find(&app, &caller, id.0).await?;
        if let MaybeUndefined::Value(model) = &body.value.model {
            model::known(&app, "/model", model).await?;
        }
        let knowledge = body.value.knowledge_base_ids.as_deref().unwrap_or_default();
        knowledge_known(&app, &caller, knowledge).await?;
        loop {
            let before = find(&app, &caller, id.0).await?;
            let version = before.version;
            let command = AssistantCommand::UpdateAssistant {
                editor: caller.editor(),
                configuration: body.value.configuration(before)?,
                visibility: body.value.visibility.map(Into::into),
                status: body.value.status.map(Into::into),
            };
            if merge.try_step::<Assistant>(id.0, version, command).await? {
                return changed(&app, &caller, id.0).await;
            }
        }
    }

    /// Deletes an assistant.
    ///
    /// Only the owner can delete an assistant. The answers that it gave stay.
    #[oai(
        path = "/assistants/:id",
        method = "delete",
        operation_id = "deleteAssistant"
    )]
    async fn delete_assistant(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        id: Path<Uuid>,
    ) -> Result<Done, Problem> {
        let command = AssistantCommand::DeleteAssistant {
            editor: auth.0.editor(),
        };
        let steps = vec![step::<Assistant>(id.0, head.expected(), command)];
        let execution = head.execution(&auth.0, b"", steps);
        let committed = app.execute(auth.0.id, execution).await?;
        Ok(Done::at(committed.position))
    }

    /// Activates an assistant.
    ///
    /// From then on everyone who sees the assistant can use it.
    #[oai(
        path = "/assistants/:id/activate",
        method = "post",
        operation_id = "activateAssistant"
    )]
    async fn activate_assistant(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        id: Path<Uuid>,
    ) -> Result<One<AssistantResource>, Problem> {
        let command = switch(&auth.0, Status::Active);
        change(&app, &auth.0, &head, id.0, (command, b"")).await
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
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        id: Path<Uuid>,
    ) -> Result<One<AssistantResource>, Problem> {
        let command = switch(&auth.0, Status::Inactive);
        change(&app, &auth.0, &head, id.0, (command, b"")).await
    }
}

fn switch(caller: &Caller, status: Status) -> AssistantCommand {
    AssistantCommand::UpdateAssistant {
        editor: caller.editor(),
        configuration: None,
        visibility: None,
        status: Some(status),
    }
}

async fn change(
    app: &App,
    caller: &Caller,
    head: &Head,
    id: Uuid,
    (command, body): (AssistantCommand, &[u8]),
) -> Result<One<AssistantResource>, Problem> {
    let steps = vec![step::<Assistant>(id, head.expected(), command)];
    app.execute(caller.id, head.execution(caller, body, steps))
        .await?;
    changed(app, caller, id).await
}

/// An assistant as the caller has just changed it.
async fn changed(app: &App, caller: &Caller, id: Uuid) -> Result<One<AssistantResource>, Problem> {
    let position = app.read_position(caller.id, None).await?;
    let view = find(app, caller, id).await?;
    let version = view.version;
    let resource = AssistantResource::seen_by(caller, view);
    Ok(One::new(resource, version, position))
}

/// Whether somebody may change an assistant, and so read what it is told: its owner, and administrators where nobody
/// owns it.
pub(crate) fn may_change(caller: &Caller, owner: Option<Uuid>) -> bool {
    match owner {
        Some(owner) => owner == caller.id,
        None => caller.role == Role::Admin,
    }
}

/// An assistant that the caller may change.
async fn find_own(app: &App, caller: &Caller, id: Uuid) -> Result<AssistantView, Problem> {
    let assistant = find(app, caller, id).await?;
    match may_change(caller, assistant.owner_id) {
        true => Ok(assistant),
        false => Err(Problem::refused(AssistantError::NotOwner)),
    }
}

async fn find(app: &App, caller: &Caller, id: Uuid) -> Result<AssistantView, Problem> {
    queries::find(&app.pool, caller.id, id)
        .await?
        .ok_or_else(Problem::not_found)
}

/// Refuses knowledge bases that the caller may not read.
async fn knowledge_known(app: &App, caller: &Caller, ids: &[Uuid]) -> Result<(), Problem> {
    if ids.is_empty() {
        return Ok(());
    }
    let readable = knowledge::readable(&app.pool, caller.id, ids).await?;
    match ids.iter().position(|id| !readable.contains(id)) {
        None => Ok(()),
        Some(index) => Err(Problem::invalid(
            &format!("/knowledge_base_ids/{index}"),
            "unknown_knowledge_base",
            "you may read no knowledge base with this id",
        )),
    }
}
