//! Assistants.

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
use crate::auth::{Auth, Caller};
use crate::body::Body;
use crate::cursor::{self, Query as CursorQuery};
use crate::merge::Merge;
use crate::model;
use crate::problem::Problem;
use crate::reply::{Created, List, NoContent, Single, Unversioned};
use crate::request_meta::RequestMeta;
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
        meta: RequestMeta,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<AssistantResource>>, Problem> {
        let limit = cursor::limit(limit.0)?;
        let query = CursorQuery {
            reader: auth.0.id,
            text: "assistants",
        };
        let after = app.parse_cursor(query, cursor.0.as_deref())?;
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        let page = queries::list(&app.pool, auth.0.id, after, limit).await?;
        let list = List {
            next_cursor: page.next.and_then(|key| app.cursor(query, &key)),
            items: page
                .items
                .into_iter()
                .map(|view| AssistantResource::for_caller(&auth.0, view))
                .collect(),
        };
        Ok(Unversioned::new(list, position))
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
        meta: RequestMeta,
        body: Body<CreateAssistant>,
    ) -> Result<Created<AssistantResource>, Problem> {
        let caller = auth.0;
        let input = body.value;
        if let Some(model) = &input.model {
            model::require_known(&app, "/model", model).await?;
        }
        let id = Uuid::now_v7();
        let (description, instructions) = (
            input.description.unwrap_or_default(),
            input.instructions.unwrap_or_default(),
        );
        let knowledge = input.knowledge_base_ids.unwrap_or_default();
        require_readable_knowledge(&app, &caller, &knowledge).await?;
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
        let execution = meta.execution(&caller, &body.bytes, steps);
        let committed = app.execute(caller.id, execution).await?;
        let id = committed
            .events
            .first()
            .map_or(id, |event| event.aggregate_id);
        app.read_position(caller.id, None).await?;
        let view = find(&app, &caller, id).await?;
        let (version, location) = (view.version, format!("/api/v1/assistants/{id}"));
        Ok(Created::new(
            AssistantResource::for_caller(&caller, view),
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
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<Single<AssistantResource>, Problem> {
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        let view = find(&app, &auth.0, id.0).await?;
        let version = view.version;
        let resource = AssistantResource::for_caller(&auth.0, view);
        Ok(Single::new(resource, version, position))
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
        meta: RequestMeta,
        id: Path<Uuid>,
        body: Body<UpdateAssistant>,
    ) -> Result<Single<AssistantResource>, Problem> {
        let caller = auth.0;
        app.read_position(caller.id, None).await?;
        let mut merge = Merge::new(&app, &caller, &meta, &body.bytes);
        if merge.is_repeated().await? {
            return changed_reply(&app, &caller, id.0).await;
        }
        find(&app, &caller, id.0).await?;
        if let MaybeUndefined::Value(model) = &body.value.model {
            model::require_known(&app, "/model", model).await?;
        }
        let knowledge = body.value.knowledge_base_ids.as_deref().unwrap_or_default();
        require_readable_knowledge(&app, &caller, knowledge).await?;
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
                return changed_reply(&app, &caller, id.0).await;
            }
        }
    }

    /// Deletes an assistant.
    ///
    /// Only the owner can delete an assistant. Its answers are kept.
    #[oai(
        path = "/assistants/:id",
        method = "delete",
        operation_id = "deleteAssistant"
    )]
    async fn delete_assistant(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<NoContent, Problem> {
        let command = AssistantCommand::DeleteAssistant {
            editor: auth.0.editor(),
        };
        let steps = vec![step::<Assistant>(id.0, meta.expected(), command)];
        let execution = meta.execution(&auth.0, b"", steps);
        let committed = app.execute(auth.0.id, execution).await?;
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
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<Single<AssistantResource>, Problem> {
        let command = status_change(&auth.0, Status::Active);
        change(&app, &auth.0, &meta, id.0, (command, b"")).await
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
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<Single<AssistantResource>, Problem> {
        let command = status_change(&auth.0, Status::Inactive);
        change(&app, &auth.0, &meta, id.0, (command, b"")).await
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
    app: &App,
    caller: &Caller,
    meta: &RequestMeta,
    id: Uuid,
    (command, body): (AssistantCommand, &[u8]),
) -> Result<Single<AssistantResource>, Problem> {
    let steps = vec![step::<Assistant>(id, meta.expected(), command)];
    app.execute(caller.id, meta.execution(caller, body, steps))
        .await?;
    changed_reply(app, caller, id).await
}

/// The reply after a change of an assistant.
async fn changed_reply(
    app: &App,
    caller: &Caller,
    id: Uuid,
) -> Result<Single<AssistantResource>, Problem> {
    let position = app.read_position(caller.id, None).await?;
    let view = find(app, caller, id).await?;
    let version = view.version;
    let resource = AssistantResource::for_caller(caller, view);
    Ok(Single::new(resource, version, position))
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
async fn find_changeable(app: &App, caller: &Caller, id: Uuid) -> Result<AssistantView, Problem> {
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

/// Fails if the caller may not read one of the knowledge bases.
async fn require_readable_knowledge(
    app: &App,
    caller: &Caller,
    ids: &[Uuid],
) -> Result<(), Problem> {
    if ids.is_empty() {
        return Ok(());
    }
    let readable = knowledge::filter_readable(&app.pool, caller.id, ids).await?;
    match ids.iter().position(|id| !readable.contains(id)) {
        None => Ok(()),
        Some(index) => Err(Problem::invalid(
            &format!("/knowledge_base_ids/{index}"),
            "unknown_knowledge_base",
            "this knowledge base does not exist, or you may not read it",
        )),
    }
}
