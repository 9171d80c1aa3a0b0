//! A provider and a model as readers see them.

use chrono::{DateTime, Utc};
use domain::model::Abilities;
use domain::provider::{CheckFault, Health, ProviderKind};
use sqlx::types::Text;
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderView {
    pub id: Uuid,
    pub version: i64,
    pub name: String,
    pub kind: Text<ProviderKind>,
    pub base_url: String,
    pub private_network: bool,
    pub has_key: bool,
    pub check_number: i32,
    pub pending: bool,
    pub health: Option<Text<Health>>,
    pub fault: Option<Text<CheckFault>>,
    pub checked_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// Models that an administrator has added by name.
    pub named_models: Vec<String>,
    /// Models that an administrator has disabled, by name.
    pub disabled_models: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelView {
    pub provider: String,
    pub model: String,
    pub context_window: Option<i32>,
    pub max_output_tokens: Option<i32>,
    /// What the provider reports, as in [`Abilities`].
    pub vision: Option<bool>,
    pub reasoning: Option<bool>,
    pub embedding: Option<bool>,
    /// Whether no administrator has disabled it.
    pub enabled: bool,
}

impl ModelView {
    /// What it can do: as its provider reports, otherwise judging by its name.
    pub fn abilities(&self) -> Abilities {
        let reported = Abilities {
            vision: self.vision,
            reasoning: self.reasoning,
            embedding: self.embedding,
        };
        reported.or(Abilities::from_name(&self.model))
    }

    /// The context window in tokens, if known.
    pub fn context_window(&self) -> Option<u32> {
        self.context_window
            .and_then(|tokens| u32::try_from(tokens).ok())
    }

    /// The maximum number of output tokens, if known.
    pub fn max_output_tokens(&self) -> Option<u32> {
        self.max_output_tokens
            .and_then(|tokens| u32::try_from(tokens).ok())
    }
}

/// The model that answers if none is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefaultModel {
    /// `None` if no provider has a model.
    pub model: Option<String>,
    /// The chosen model, which may no longer exist.
    pub chosen: Option<String>,
    /// Whether it was chosen automatically.
    pub automatic: bool,
    /// The version of the choice.
    pub version: i64,
}

/// A checked query of providers `p`: its columns, followed by the rest of the statement.
macro_rules! select_providers {
    ($rest:literal $($arguments:tt)*) => {
        sqlx::query_as!(
            crate::provider::ProviderView,
            r#"select id, version, name, kind as "kind: _", base_url, private_network, has_key, check_number, pending,
                      health as "health: _", fault as "fault: _", checked_at, created_at, updated_at, named_models,
                      disabled_models
               from view_providers p "#
                + $rest
                $($arguments)*
        )
    };
}

pub(super) use select_providers;
