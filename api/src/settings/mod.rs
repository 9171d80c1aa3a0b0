//! What holds for the whole installation and is changed while it runs.

use std::sync::Arc;

use domain::installation::{Installation, InstallationCommand};
use domain::model::GUIDE;
use eventstore::executor::step;
use poem::Result;
use poem::http::StatusCode;
use poem::web::Data;
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{Enum, Object, OpenApi};
use projections::provider::{DefaultModel, queries};
use serde::{Deserialize, Serialize};

use crate::answer::One;
use crate::auth::{Auth, Caller};
use crate::body::Body;
use crate::head::Head;
use crate::model;
use crate::problem::Problem;
use crate::state::App;
use crate::tag::Tag;

/// What says which model is the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum DefaultModelSource {
    /// The setting `models.default` of the operator, which goes before all else.
    Configuration,
    /// An administrator.
    Administrator,
    /// It was the first that worked.
    Automatic,
    /// No provider has any.
    BuiltIn,
}

/// What holds for the whole installation.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "Settings")]
pub struct SettingsResource {
    pub version: i64,
    /// The model that answers where nobody has named one.
    pub default_model: String,
    pub default_model_source: DefaultModelSource,
}

/// Fields that are not given stay as they are.
#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub struct UpdateSettings {
    /// The model that answers where nobody has named one; null leaves it to the providers that work.
    #[serde(default)]
    pub default_model: MaybeUndefined<String>,
}

impl SettingsResource {
    /// What holds by the operator's configuration and the choices that were made.
    pub fn of(configured: Option<&str>, default: DefaultModel) -> Self {
        let (default_model, default_model_source) = match (configured, default.model) {
            (Some(model), _) => (model.to_owned(), DefaultModelSource::Configuration),
            (None, None) => (GUIDE.to_owned(), DefaultModelSource::BuiltIn),
            // What was chosen may be gone.
            (None, Some(model))
                if !default.automatic && default.chosen.as_ref() == Some(&model) =>
            {
                (model, DefaultModelSource::Administrator)
            }
            (None, Some(model)) => (model, DefaultModelSource::Automatic),
        };
        Self {
            version: default.version,
            default_model,
            default_model_source,
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub struct SettingsApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Settings")]
impl SettingsApi {
    /// Reads the settings of the installation.
    ///
    /// Settings that apply to all users.
    #[oai(path = "/settings", method = "get", operation_id = "getSettings")]
    async fn get_settings(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
    ) -> Result<One<SettingsResource>, Problem> {
        settings(&app, &auth.0, head.min_position).await
    }

    /// Changes the settings of the installation.
    ///
    /// Changes the given fields and leaves the others. Requires the role admin.
    #[oai(path = "/settings", method = "patch", operation_id = "updateSettings")]
    async fn update_settings(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        body: Body<UpdateSettings>,
    ) -> Result<One<SettingsResource>, Problem> {
        let caller = auth.0;
        caller.admin()?;
        let chosen = match body.value.default_model {
            MaybeUndefined::Undefined => return settings(&app, &caller, None).await,
            MaybeUndefined::Null => None,
            MaybeUndefined::Value(model) => Some(model),
        };
        if let Some(configured) = &app.settings.default_model {
            return Err(Problem::new(
                StatusCode::CONFLICT,
                "set_by_configuration",
                format!("the setting models.default names {configured}; remove it there first"),
            ));
        }
        if let Some(model) = &chosen {
            app.read_position(caller.id, None).await?;
            model::known(&app, "/default_model", model).await?;
        }
        let command = InstallationCommand::ChooseDefaultModel { model: chosen };
        let steps = vec![step::<Installation>(
            Installation::ID,
            head.expected(),
            command,
        )];
        let execution = head.execution(&caller, &body.bytes, steps);
        app.execute(caller.id, execution).await?;
        settings(&app, &caller, None).await
    }
}

async fn settings(
    app: &App,
    caller: &Caller,
    min_position: Option<i64>,
) -> Result<One<SettingsResource>, Problem> {
    let position = app.read_position(caller.id, min_position).await?;
    let default = queries::default_model(&app.pool).await?;
    let settings = SettingsResource::of(app.settings.default_model.as_deref(), default);
    let version = settings.version;
    Ok(One::new(settings, version, position))
}

/// The model that answers where nobody has named one.
pub async fn default_model(app: &App) -> Result<String, Problem> {
    let default = queries::default_model(&app.pool).await?;
    let configured = app.settings.default_model.as_deref();
    Ok(SettingsResource::of(configured, default).default_model)
}
