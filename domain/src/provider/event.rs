//! Events of a provider.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::values::{CheckFault, Health, ListedModel, ProviderKind};
use crate::codec::stored_events;
use crate::personal::Personal;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event_type", rename_all = "snake_case")]
pub enum ProviderEvent {
    ProviderAdded {
        /// The prefix of its models' names; it never changes.
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
    /// The complete list of models that an administrator added to those that the provider lists.
    ProviderModelsNamed {
        models: Vec<String>,
    },
    /// The complete list of models that an administrator has disabled.
    ProviderModelsDisabled {
        models: Vec<String>,
    },
    ProviderCheckRequested {},
    ProviderChecked {
        /// The number of the check; results of earlier checks are refused.
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
    ProviderModelsDisabled => "provider_models_disabled",
    ProviderCheckRequested => "provider_check_requested",
    ProviderChecked => "provider_checked",
    ProviderRemoved => "provider_removed",
});
