//! Request and response bodies of providers.

use chrono::{DateTime, Utc};
use domain::provider::{AddProvider, Endpoint, Health, LocalServer, ProviderKind as Kind};
use o2o::o2o;
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{Enum, Object};
use projections::provider::ProviderView;
use serde::Deserialize;
use sqlx::types::Text;
use uuid::Uuid;

use crate::http::resource;

/// The API type of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[oai(rename_all = "snake_case", remote = "Kind")]
#[serde(rename_all = "snake_case")]
pub enum ProviderKind {
    OpenaiCompatible,
    Anthropic,
    Gemini,
}

/// The result of the last check of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub(super) enum ProviderHealth {
    Ok,
    Unreachable,
    /// Not checked yet, or being checked.
    Unknown,
}

/// A model provider. Its API key is never returned.
#[derive(Debug, Object)]
#[oai(rename = "Provider")]
pub(super) struct ProviderResource {
    pub id: Uuid,
    pub version: i64,
    /// The name, which is the first part of the ids of its models.
    pub name: String,
    pub kind: ProviderKind,
    pub base_url: String,
    pub has_api_key: bool,
    pub health: ProviderHealth,
    /// Models that an administrator has added, whether or not the provider lists them.
    pub models: Vec<String>,
    /// Models that an administrator has disabled, whether or not the provider lists them.
    pub disabled_models: Vec<String>,
    /// Why the check failed: `no_connection`, `name_not_found`, `private_address`, `unauthorized`, `not_understood` or
    /// `timeout`. A healthy provider has `not_understood` if it lists no models and an administrator has added some.
    pub fault: Option<String>,
    pub checked_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

resource!(ProviderResource, ProviderView, "/api/v1/providers");

/// A model server on the machine of this server.
#[derive(Debug, Object, o2o)]
#[from_owned(LocalServer)]
#[oai(rename = "LocalServer")]
pub(super) struct LocalServerResource {
    /// A suggested name for the provider.
    pub name: String,
    pub base_url: String,
}

impl From<ProviderView> for ProviderResource {
    fn from(view: ProviderView) -> Self {
        let health = match view.health.filter(|_| !view.pending) {
            Some(Text(Health::Ok)) => ProviderHealth::Ok,
            Some(Text(Health::Unreachable)) => ProviderHealth::Unreachable,
            None => ProviderHealth::Unknown,
        };
        Self {
            id: view.id,
            version: view.version,
            name: view.name,
            kind: view.kind.0.into(),
            base_url: view.base_url,
            has_api_key: view.has_key,
            health,
            models: view.named_models,
            disabled_models: view.disabled_models,
            fault: view
                .fault
                .filter(|_| health != ProviderHealth::Unknown)
                .map(|fault| fault.to_string()),
            checked_at: view.checked_at,
            created_at: view.created_at,
            updated_at: view.updated_at,
        }
    }
}

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateProvider {
    /// 1 to 40 characters of a-z, 0-9 and -; cannot be changed later.
    pub name: String,
    pub kind: ProviderKind,
    /// Such as <https://api.openai.com/v1>, <https://api.anthropic.com/v1> or
    /// <https://generativelanguage.googleapis.com/v1beta>.
    pub base_url: String,
    pub api_key: Option<String>,
    /// Models that are offered whether or not the provider lists them, by their names at the provider.
    #[serde(default)]
    pub models: Option<Vec<String>>,
}

impl CreateProvider {
    pub(super) fn command(self, provider_id: Uuid, endpoint: Endpoint) -> AddProvider {
        AddProvider {
            provider_id,
            name: self.name,
            kind: self.kind.into(),
            endpoint,
            api_key: self.api_key,
            models: self.models.unwrap_or_default(),
        }
    }
}

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateProvider {
    pub base_url: Option<String>,
    /// Required if `base_url` changes; null removes the key.
    #[serde(default)]
    pub api_key: MaybeUndefined<String>,
    /// Replaces the models that were added before; does not require `api_key`.
    #[serde(default)]
    pub models: Option<Vec<String>>,
    /// Replaces the models that were disabled before, at most 1000, by their names at the provider. Nobody can choose
    /// or use a disabled model. Does not require `api_key`.
    #[serde(default)]
    pub disabled_models: Option<Vec<String>>,
}
