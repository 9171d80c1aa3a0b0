//! Settings of the whole installation that can be changed at run time.

mod get;
mod update;
/// Where the default model comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum DefaultModelSource {
    /// The operator's setting `models.default`, which takes precedence.
    Configuration,
    /// The choice of an administrator.
    Administrator,
    /// The first model that worked.
    Automatic,
    /// No provider has a model.
    BuiltIn,
}

/// The settings of the installation.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "Settings")]
pub struct SettingsResource {
    pub version: i64,
    /// The default model.
    pub default_model: String,
    pub default_model_source: DefaultModelSource,
}

/// Fields that are not sent stay unchanged.
#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub struct UpdateSettings {
    /// The default model; null chooses one automatically.
    #[serde(default)]
    pub default_model: MaybeUndefined<String>,
}

impl SettingsResource {
    /// Combines the operator's configuration with the stored choice.
    pub fn new(configured: Option<&str>, default: DefaultModel) -> Self {
        let (default_model, default_model_source) = match (configured, default.model) {
            (Some(model), _) => (model.to_owned(), DefaultModelSource::Configuration),
            (None, None) => (GUIDE.to_owned(), DefaultModelSource::BuiltIn),
            // The chosen model may no longer exist.
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

use domain::model::GUIDE;
use poem::Result;
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{Enum, Object, OpenApi, Tags};
use projections::provider::{DefaultModel, queries};
use serde::{Deserialize, Serialize};

use crate::http::{Ctx, Problem, Single};
use crate::state::App;

/// The area of the contract.
#[derive(Tags)]
pub(crate) enum Tag {
    /// Settings of the whole installation.
    Settings,
}

/// The operations of this feature.
pub(crate) fn operations() -> impl OpenApi {
    (get::Operation, update::Operation)
}

async fn settings(
    ctx: &Ctx,
    min_position: Option<i64>,
) -> Result<Single<SettingsResource>, Problem> {
    let position = ctx.app.read_position(ctx.caller.id, min_position).await?;
    let default = queries::default_model(&ctx.pool).await?;
    let settings = SettingsResource::new(ctx.settings.default_model.as_deref(), default);
    let version = settings.version;
    Ok(Single::new(settings, version, position))
}

/// The default model of the installation.
pub async fn default_model(app: &App) -> Result<String, Problem> {
    let default = queries::default_model(&app.pool).await?;
    let configured = app.settings.default_model.as_deref();
    Ok(SettingsResource::new(configured, default).default_model)
}
