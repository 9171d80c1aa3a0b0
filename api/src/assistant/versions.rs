//! Versions of an assistant's configuration (read from the log), copies, and performance.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::assistant::{Assistant, AssistantCommand, Configuration, Status, Visibility};
use domain::text::{self, Line};
use domain::user::Role;
use eventstore::executor::step;
use poem::Result;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi};
use projections::assistant::queries;
use projections::assistant::versions::{self, ConfigurationVersion};
use uuid::Uuid;

use super::request::AssistantResource;
use super::{change, find, find_changeable};
use crate::auth::Auth;
use crate::problem::Problem;
use crate::reply::{Created, List, Single, Unversioned};
use crate::request_meta::RequestMeta;
use crate::state::App;
use crate::tag::Tag;

/// A current or earlier configuration of an assistant.
#[derive(Debug, Object)]
pub struct AssistantVersion {
    /// The number that runs refer to as `assistant_version`.
    pub number: u32,
    pub name: String,
    pub description: String,
    pub instructions: String,
    pub model: Option<String>,
    pub temperature: Option<f64>,
    pub max_output_tokens: Option<u32>,
    pub created_at: DateTime<Utc>,
}

impl AssistantVersion {
    /// The same configuration, for this or another assistant.
    fn configuration(self, id: Uuid, name: &str) -> Result<Configuration, Problem> {
        let name = Line::with_stored(name, &self.name);
        Configuration::parse(id, name, &self.description, &self.instructions)
            .and_then(|c| c.with_model(self.model, self.temperature, self.max_output_tokens))
            .map_err(Problem::refused)
    }
}

impl From<ConfigurationVersion> for AssistantVersion {
    fn from(version: ConfigurationVersion) -> Self {
        let c = version.configuration;
        Self {
            number: version.number,
            name: c.name.text().to_owned(),
            description: c.description.text().to_owned(),
            instructions: c.instructions.text().to_owned(),
            model: c.model,
            temperature: c.temperature,
            max_output_tokens: c.max_output_tokens,
            created_at: version.created_at,
        }
    }
}

/// Counts and durations of an assistant's answers.
#[derive(Debug, Object)]
pub struct AssistantPerformance {
    pub responses: i64,
    pub completed: i64,
    pub failed: i64,
    pub interrupted: i64,
    pub cancelled: i64,
    /// Median duration of completed answers; null if there are none.
    pub median_seconds: Option<f64>,
    pub input_tokens: i64,
    pub output_tokens: i64,
}

#[derive(Debug, Clone, Copy)]
pub struct AssistantVersionApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Assistants")]
impl AssistantVersionApi {
    /// Lists the versions of an assistant.
    ///
    /// The newest version comes first. Requires the right to change the assistant.
    #[oai(
        path = "/assistants/:id/versions",
        method = "get",
        operation_id = "listAssistantVersions"
    )]
    async fn list_assistant_versions(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<Unversioned<List<AssistantVersion>>, Problem> {
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        find_changeable(&app, &auth.0, id.0).await?;
        let mut items = versions(&app, id.0).await?;
        items.reverse();
        let list = List {
            items,
            next_cursor: None,
        };
        Ok(Unversioned::new(list, position))
    }

    /// Reads a version of an assistant.
    ///
    /// Requires the right to change the assistant.
    #[oai(
        path = "/assistants/:id/versions/:n",
        method = "get",
        operation_id = "getAssistantVersion"
    )]
    async fn get_assistant_version(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
        n: Path<u32>,
    ) -> Result<Unversioned<AssistantVersion>, Problem> {
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        find_changeable(&app, &auth.0, id.0).await?;
        Ok(Unversioned::new(version(&app, id.0, n.0).await?, position))
    }

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
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
        n: Path<u32>,
    ) -> Result<Single<AssistantResource>, Problem> {
        app.read_position(auth.0.id, None).await?;
        find_changeable(&app, &auth.0, id.0).await?;
        let earlier = version(&app, id.0, n.0).await?;
        let name = earlier.name.clone();
        let command = AssistantCommand::UpdateAssistant {
            editor: auth.0.editor(),
            configuration: Some(earlier.configuration(id.0, &name)?),
            visibility: None,
            status: None,
        };
        change(&app, &auth.0, &meta, id.0, (command, b"")).await
    }

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
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<Created<AssistantResource>, Problem> {
        let caller = auth.0;
        app.read_position(caller.id, None).await?;
        find_changeable(&app, &caller, id.0).await?;
        let original = versions(&app, id.0).await?.pop();
        let original = original.ok_or_else(Problem::not_found)?;
        let name: String = original.name.chars().take(90).collect();
        let copy = Uuid::now_v7();
        let command = AssistantCommand::CreateAssistant {
            owner: Some(caller.editor()),
            configuration: original
                .configuration(copy, &format!("{} (copy)", text::flatten(&name)))?,
            visibility: Visibility::Private,
            status: Status::Draft,
            is_default: false,
        };
        let steps = vec![step::<Assistant>(copy, None, command)];
        let execution = meta.execution(&caller, b"", steps);
        let committed = app.execute(caller.id, execution).await?;
        let copy = committed
            .events
            .first()
            .map_or(copy, |event| event.aggregate_id);
        app.read_position(caller.id, None).await?;
        let view = find(&app, &caller, copy).await?;
        let (version, location) = (view.version, format!("/api/v1/assistants/{copy}"));
        Ok(Created::new(
            AssistantResource::for_caller(&caller, view),
            location,
            version,
            committed.position,
        ))
    }

    /// Counts how the answers of an assistant ended.
    ///
    /// For the owner, and for managers if the assistant is visible to everyone.
    #[oai(
        path = "/assistants/:id/performance",
        method = "get",
        operation_id = "getAssistantPerformance"
    )]
    async fn get_assistant_performance(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<Unversioned<AssistantPerformance>, Problem> {
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        let assistant = find(&app, &auth.0, id.0).await?;
        if assistant.owner_id != Some(auth.0.id) && auth.0.role < Role::Manager {
            return Err(Problem::forbidden(
                "requires the manager role, or being the owner of the assistant",
            ));
        }
        let counts = queries::performance(&app.pool, id.0).await?;
        let performance = AssistantPerformance {
            responses: counts.responses,
            completed: counts.completed,
            failed: counts.failed,
            interrupted: counts.interrupted,
            cancelled: counts.cancelled,
            median_seconds: counts.median_seconds,
            input_tokens: counts.input_tokens,
            output_tokens: counts.output_tokens,
        };
        Ok(Unversioned::new(performance, position))
    }
}

/// All versions, the oldest first.
async fn versions(app: &App, id: Uuid) -> Result<Vec<AssistantVersion>, Problem> {
    let found = versions::list(&app.pool, &app.log, &app.keys, id).await?;
    Ok(found.into_iter().map(Into::into).collect())
}

async fn version(app: &App, id: Uuid, number: u32) -> Result<AssistantVersion, Problem> {
    let found = versions(app, id).await?;
    found
        .into_iter()
        .find(|version| version.number == number)
        .ok_or_else(Problem::not_found)
}
