//! What happened to a provider.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::values::{CheckFault, Health, ListedModel, ProviderKind};
use crate::personal::Personal;
use crate::recorded::stored_events;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event_type", rename_all = "snake_case")]
pub enum ProviderEvent {
    ProviderAdded {
        /// The first part of its models' names; it never changes.
        slug: String,
        kind: ProviderKind,
        base_url: String,
        private_network: bool,
        api_key: Option<Personal<String>>,
    },
    ProviderConfigured {
        base_url: String,
        private_network: bool,
        api_key: Option<Personal<String>>,
    },
    /// The models that an administrator has named, beside those that the provider lists; all of them, each time.
    ProviderModelsNamed {
        models: Vec<String>,
    },
    ProviderCheckRequested {},
    ProviderChecked {
        /// Counts the checks that were asked for; the result of an earlier one is refused.
        check: u32,
        health: Health,
        fault: Option<CheckFault>,
        models: Vec<ListedModel>,
    },
    ProviderRemoved {},
}

stored_events!(ProviderEvent {
    ProviderAdded => "provider_added",
    ProviderConfigured => "provider_configured",
    ProviderModelsNamed => "provider_models_named",
    ProviderCheckRequested => "provider_check_requested",
    ProviderChecked => "provider_checked",
    ProviderRemoved => "provider_removed",
});
