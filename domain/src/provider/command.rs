//! What may be asked of a provider. Who may ask is decided before: administrators alone.

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
        /// Models that are offered whether the provider lists them or not.
        models: Vec<String>,
    },
    /// Changes what is given and leaves the rest. A key that is there must be sent again or removed: it must not be
    /// sent to somebody else.
    ConfigureProvider {
        provider_id: Uuid,
        endpoint: Option<Endpoint>,
        /// `Some(None)` removes it.
        api_key: Option<Option<String>>,
        /// Takes the place of those that were named before.
        models: Option<Vec<String>>,
    },
    RequestCheck,
    RecordCheck {
        check: u32,
        result: Result<Vec<ListedModel>, CheckFault>,
    },
    RemoveProvider,
}
