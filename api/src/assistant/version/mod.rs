//! Versions of an assistant's configuration (read from the log), copies, and performance.

mod get;
mod list;
mod restore;
/// A current or earlier configuration of an assistant.
#[derive(Debug, Object)]
pub(super) struct AssistantVersion {
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
    pub(in crate::assistant) fn configuration(
        self,
        id: Uuid,
        name: &str,
    ) -> Result<Configuration, Problem> {
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
#[derive(Debug, Object, o2o)]
#[from_owned(Performance)]
pub(super) struct AssistantPerformance {
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

use chrono::{DateTime, Utc};
use domain::assistant::Configuration;
use domain::text::Line;
use o2o::o2o;
use poem::Result;
use poem_openapi::{Object, OpenApi};
use projections::assistant::queries::Performance;
use projections::assistant::versions::{self, ConfigurationVersion};
use uuid::Uuid;

use crate::http::Problem;
use crate::state::App;

/// The operations of this feature.
pub(crate) fn operations() -> impl OpenApi {
    (list::Operation, get::Operation, restore::Operation)
}

/// All versions, the oldest first.
pub(super) async fn list_versions(app: &App, id: Uuid) -> Result<Vec<AssistantVersion>, Problem> {
    let found = versions::list(&app.pool, &app.log, &app.keys, id).await?;
    Ok(found.into_iter().map(Into::into).collect())
}

async fn find_version(app: &App, id: Uuid, number: u32) -> Result<AssistantVersion, Problem> {
    let found = list_versions(app, id).await?;
    found
        .into_iter()
        .find(|version| version.number == number)
        .ok_or_else(Problem::not_found)
}
