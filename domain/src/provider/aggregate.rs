//! One provider: its endpoint, the models added to it, and the check it is waiting for.

use cqrs_es::Aggregate;
use serde::{Deserialize, Serialize};

use super::{ProviderCommand, ProviderError, ProviderEvent};
use crate::command::handle_commands;
use crate::event::StoredAggregate;

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Provider {
    pub(super) added: bool,
    pub(super) removed: bool,
    /// The number of the latest requested check.
    pub(super) check: u32,
    pub(super) checked: bool,
    pub(super) base_url: String,
    pub(super) private_network: bool,
    pub(super) has_key: bool,
    /// Models added by an administrator.
    #[serde(default)]
    pub(super) added_models: Vec<String>,
    /// Models disabled by an administrator.
    #[serde(default)]
    pub(super) disabled_models: Vec<String>,
}

impl StoredAggregate for Provider {
    const OWNS_KEY: bool = true;
}

impl Aggregate for Provider {
    const TYPE: &'static str = "provider";
    type Command = ProviderCommand;
    type Event = ProviderEvent;
    type Error = ProviderError;
    handle_commands!();

    fn apply(&mut self, event: ProviderEvent) {
        match event {
            ProviderEvent::ProviderAdded {
                base_url,
                private_network,
                api_key,
                ..
            } => {
                self.added = true;
                self.configure(base_url, private_network, api_key.is_some());
            }
            ProviderEvent::ProviderConfigured {
                base_url,
                private_network,
                api_key,
            } => self.configure(base_url, private_network, api_key.is_some()),
            ProviderEvent::ProviderModelsNamed { models } => self.added_models = models,
            ProviderEvent::ProviderModelsDisabled { models } => self.disabled_models = models,
            ProviderEvent::ProviderCheckRequested {} => self.start_check(),
            ProviderEvent::ProviderChecked { .. } => self.checked = true,
            ProviderEvent::ProviderRemoved {} => self.removed = true,
        }
    }
}

impl Provider {
    fn configure(&mut self, base_url: String, private_network: bool, has_key: bool) {
        self.base_url = base_url;
        self.private_network = private_network;
        self.has_key = has_key;
        self.start_check();
    }

    fn start_check(&mut self) {
        self.check += 1;
        self.checked = false;
    }

    pub(super) fn require_existing(&self) -> Result<(), ProviderError> {
        match self.added && !self.removed {
            true => Ok(()),
            false => Err(ProviderError::NotFound),
        }
    }
}
