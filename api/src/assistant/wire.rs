//! Request and response bodies of assistants.

use chrono::{DateTime, Utc};
use domain::assistant::{AssistantError, Configuration, Status, Visibility};
use domain::text::Line;
use o2o::o2o;
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{Enum, Object};
use projections::assistant::AssistantView;
use serde::Deserialize;
use uuid::Uuid;

use crate::http::resource;

use super::may_change;
use crate::http::{Caller, Problem};

/// Whether an assistant can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[oai(rename_all = "snake_case", remote = "Status")]
#[serde(rename_all = "snake_case")]
pub enum AssistantStatus {
    Draft,
    Active,
    Inactive,
    Maintenance,
}

/// Who can see an assistant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[oai(rename_all = "snake_case", remote = "Visibility")]
#[serde(rename_all = "snake_case")]
pub enum AssistantVisibility {
    Private,
    Everyone,
}

/// A configuration of a model that answers messages.
#[derive(Debug, Object, o2o)]
#[from_owned(AssistantView)]
#[oai(rename = "Assistant")]
pub(super) struct AssistantResource {
    pub id: Uuid,
    pub version: i64,
    /// Null for the default assistant.
    pub owner_id: Option<Uuid>,
    pub name: String,
    pub description: String,
    /// Empty if the caller may not change the assistant.
    pub instructions: String,
    /// Null for the default model of the installation.
    pub model: Option<String>,
    pub temperature: Option<f64>,
    pub max_output_tokens: Option<i32>,
    /// The knowledge bases that it uses; empty if the caller may not change the assistant. Answers only use those that
    /// the person who asks may read.
    pub knowledge_base_ids: Vec<Uuid>,
    #[from(~.0.into())]
    pub visibility: AssistantVisibility,
    #[from(~.0.into())]
    pub status: AssistantStatus,
    /// The number of the current configuration; runs refer to it.
    pub assistant_version: i32,
    pub is_default: bool,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

resource!(AssistantResource, AssistantResource, "/api/v1/assistants");

impl AssistantResource {
    /// Hides instructions and knowledge bases from callers who may not change the assistant.
    pub(super) fn for_caller(caller: &Caller, mut view: AssistantView) -> Self {
        if !may_change(caller, view.owner_id) {
            view.instructions.clear();
            view.knowledge_base_ids.clear();
        }
        view.into()
    }
}

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateAssistant {
    pub name: String,
    pub description: Option<String>,
    /// The system prompt.
    pub instructions: Option<String>,
    /// `<provider>/<model>`.
    pub model: Option<String>,
    /// 0 to 2.
    pub temperature: Option<f64>,
    pub max_output_tokens: Option<u32>,
    /// At most 20 knowledge bases that the caller may read.
    pub knowledge_base_ids: Option<Vec<Uuid>>,
    pub visibility: Option<AssistantVisibility>,
    pub status: Option<AssistantStatus>,
}

impl CreateAssistant {
    pub(super) fn configuration(self, id: Uuid) -> Result<Configuration, AssistantError> {
        let description = self.description.unwrap_or_default();
        let instructions = self.instructions.unwrap_or_default();
        Configuration::parse(id, self.name.as_str(), &description, &instructions)?
            .with_model(self.model, self.temperature, self.max_output_tokens)?
            .with_knowledge(self.knowledge_base_ids.unwrap_or_default())
    }
}

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateAssistant {
    pub name: Option<String>,
    pub description: Option<String>,
    pub instructions: Option<String>,
    /// Null resets it to the default model of the installation.
    #[serde(default)]
    pub model: MaybeUndefined<String>,
    /// 0 to 2; null resets it to the default of the model at its provider.
    #[serde(default)]
    pub temperature: MaybeUndefined<f64>,
    /// Null resets it to the default of the model at its provider.
    #[serde(default)]
    pub max_output_tokens: MaybeUndefined<u32>,
    /// Replaces the current list.
    pub knowledge_base_ids: Option<Vec<Uuid>>,
    pub visibility: Option<AssistantVisibility>,
    pub status: Option<AssistantStatus>,
}

impl UpdateAssistant {
    /// The complete configuration after the change, or none if no field of it was sent.
    pub(super) fn configuration(
        &self,
        before: &AssistantView,
    ) -> Result<Option<Configuration>, Problem> {
        let texts =
            self.name.is_some() || self.description.is_some() || self.instructions.is_some();
        let numbers = !self.temperature.is_undefined() || !self.max_output_tokens.is_undefined();
        let knowledge = self.knowledge_base_ids.is_some();
        if !texts && !numbers && !knowledge && self.model.is_undefined() {
            return Ok(None);
        }
        let tokens = before
            .max_output_tokens
            .and_then(|tokens| u32::try_from(tokens).ok());
        let name = self.name.as_deref().unwrap_or(&before.name);
        Configuration::parse(
            before.id,
            Line::with_stored(name, &before.name),
            self.description.as_deref().unwrap_or(&before.description),
            self.instructions.as_deref().unwrap_or(&before.instructions),
        )
        .and_then(|configuration| {
            configuration.with_model(
                apply_change(&self.model, before.model.clone()),
                apply_change(&self.temperature, before.temperature),
                apply_change(&self.max_output_tokens, tokens),
            )
        })
        .and_then(|configuration| {
            let knowledge = self.knowledge_base_ids.as_ref();
            configuration.with_knowledge(knowledge.unwrap_or(&before.knowledge_base_ids).clone())
        })
        .map(Some)
        .map_err(Problem::refused)
    }
}

fn apply_change<T: Clone>(new: &MaybeUndefined<T>, old: Option<T>) -> Option<T> {
    match new {
        MaybeUndefined::Undefined => old,
        MaybeUndefined::Null => None,
        MaybeUndefined::Value(value) => Some(value.clone()),
    }
}
