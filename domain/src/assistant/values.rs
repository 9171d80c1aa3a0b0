//! The configuration of an assistant, its status and visibility.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::AssistantError;
use crate::model;
use crate::personal::{Personal, Subject};
use crate::text;

/// Whether an assistant may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[derive(strum::Display, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Status {
    /// Only its owner can use it.
    #[default]
    Draft,
    Active,
    Inactive,
    Maintenance,
}

/// Who can see an assistant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[derive(strum::Display, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Visibility {
    #[default]
    Private,
    Everyone,
}

/// The instructions of an assistant, the model that answers, and its parameters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Configuration {
    pub name: Personal<String>,
    pub description: Personal<String>,
    pub instructions: Personal<String>,
    /// `<provider>/<model>`; `None` uses the installation's default model.
    pub model: Option<String>,
    pub temperature: Option<f64>,
    pub max_output_tokens: Option<u32>,
    /// The knowledge bases that it searches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub knowledge_base_ids: Vec<Uuid>,
}

const NAME_LIMIT: usize = 100;
const DESCRIPTION_LIMIT: usize = 2_000;
const INSTRUCTIONS_LIMIT: usize = 100_000;
const MAX_KNOWLEDGE_BASES: usize = 20;
const OUTPUT_TOKENS: std::ops::RangeInclusive<u32> = 1..=1_000_000;

impl Configuration {
    /// Validates the texts and seals them with the assistant's key.
    pub fn parse<'a>(
        assistant_id: Uuid,
        name: impl Into<text::Line<'a>>,
        description: &str,
        instructions: &str,
    ) -> Result<Self, AssistantError> {
        let name = name.into().parse(NAME_LIMIT);
        let seal = |value: String| Personal::new([Subject::new("assistant", assistant_id)], value);
        Ok(Self {
            name: seal(name.map_err(AssistantError::Name)?),
            description: seal(
                text::parse_prose(description, DESCRIPTION_LIMIT)
                    .map_err(AssistantError::Description)?,
            ),
            instructions: seal(
                text::parse_prose(instructions, INSTRUCTIONS_LIMIT)
                    .map_err(AssistantError::Instructions)?,
            ),
            model: None,
            temperature: None,
            max_output_tokens: None,
            knowledge_base_ids: vec![],
        })
    }

    /// Sets the model and its parameters.
    pub fn with_model(
        mut self,
        model: Option<String>,
        temperature: Option<f64>,
        max_output_tokens: Option<u32>,
    ) -> Result<Self, AssistantError> {
        let parse = |text: String| model::parse_name(&text).ok_or(AssistantError::Model);
        self.model = model.map(parse).transpose()?;
        if temperature.is_some_and(|t| !(0.0..=2.0).contains(&t)) {
            return Err(AssistantError::Temperature);
        }
        if max_output_tokens.is_some_and(|tokens| !OUTPUT_TOKENS.contains(&tokens)) {
            return Err(AssistantError::MaxOutputTokens);
        }
        self.temperature = temperature;
        self.max_output_tokens = max_output_tokens;
        Ok(self)
    }

    /// Sets the knowledge bases, without duplicates.
    pub fn with_knowledge(mut self, ids: Vec<Uuid>) -> Result<Self, AssistantError> {
        self.knowledge_base_ids.clear();
        for id in ids {
            if !self.knowledge_base_ids.contains(&id) {
                self.knowledge_base_ids.push(id);
            }
        }
        match self.knowledge_base_ids.len() > MAX_KNOWLEDGE_BASES {
            true => Err(AssistantError::KnowledgeBases),
            false => Ok(self),
        }
    }
}
