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
    },
    /// Changes where it is asked, its key, or both. The key is asked for again when the address changes: it must not
    /// be sent to somebody else.
    ConfigureProvider {
        provider_id: Uuid,
        endpoint: Endpoint,
        api_key: Option<String>,
    },
    RequestCheck,
    RecordCheck {
        check: u32,
        result: Result<Vec<ListedModel>, CheckFault>,
    },
    RemoveProvider,
}
