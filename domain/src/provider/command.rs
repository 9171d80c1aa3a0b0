//! Commands of a provider. The caller authorises: only administrators may send them.

use uuid::Uuid;

use super::values::{CheckFault, Endpoint, ListedModel, ProviderKind};

#[derive(Debug, Clone, PartialEq)]
pub enum ProviderCommand {
    AddProvider {
        provider_id: Uuid,
        name: String,
        kind: ProviderKind,
        endpoint: Endpoint,
        api_key: Option<String>,
        /// Models to offer in addition to those that the provider lists.
        models: Vec<String>,
    },
    /// Changes only the fields that are set. If there is a stored key, a change other than of `models` must include the
    /// key again or remove it, so that the key is never sent to a different address.
    ConfigureProvider {
        provider_id: Uuid,
        endpoint: Option<Endpoint>,
        /// `Some(None)` removes the key.
        api_key: Option<Option<String>>,
        /// Replaces the models that were added before.
        models: Option<Vec<String>>,
    },
    RequestCheck,
    RecordCheck {
        check: u32,
        result: Result<Vec<ListedModel>, CheckFault>,
    },
    RemoveProvider,
}
