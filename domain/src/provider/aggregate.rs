//! One provider: its endpoint, the models added to it, and the check it is waiting for.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::values::{CheckFault, Endpoint, Health, ListedModel};
use super::{ProviderCommand, ProviderError, ProviderEvent};
use crate::egress;
use crate::event::StoredAggregate;
use crate::personal::{Personal, Subject};
use crate::text;

const NAME_LIMIT: usize = 40;
const KEY_LIMIT: usize = 1_000;
/// Maximum number of listed models.
const MAX_LISTED_MODELS: usize = 500;
const MODEL_LIMIT: usize = 150;
/// Maximum number of models that an administrator may add.
const MAX_ADDED_MODELS: usize = 100;
/// Reserved for the built-in model.
const BUILT_IN: &str = "builtin";

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Provider {
    added: bool,
    removed: bool,
    /// The number of the latest requested check.
    check: u32,
    checked: bool,
    base_url: String,
    private_network: bool,
    has_key: bool,
    /// Models added by an administrator.
    #[serde(default)]
    added_models: Vec<String>,
}

impl StoredAggregate for Provider {
    const OWNS_KEY: bool = true;
}

impl Aggregate for Provider {
    const TYPE: &'static str = "provider";
    type Command = ProviderCommand;
    type Event = ProviderEvent;
    type Error = ProviderError;
    type Services = ();

    async fn handle(
        &mut self,
        command: ProviderCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), ProviderError> {
        for event in self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

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

    fn decide(&self, command: ProviderCommand) -> Result<Vec<ProviderEvent>, ProviderError> {
        if let ProviderCommand::AddProvider {
            provider_id,
            name,
            kind,
            endpoint,
            api_key,
            models,
        } = command
        {
            if self.added {
                return Err(ProviderError::AlreadyAdded);
            }
            let endpoint = parse_endpoint(endpoint)?;
            let mut events = vec![ProviderEvent::ProviderAdded {
                slug: parse_slug(&name)?,
                kind,
                base_url: endpoint.base_url,
                private_network: endpoint.private_network,
                api_key: seal_key(provider_id, api_key)?,
            }];
            events.extend(self.add_models(models)?);
            return Ok(events);
        }
        if !self.added || self.removed {
            return Err(ProviderError::NotFound);
        }
        match command {
            ProviderCommand::AddProvider { .. } => Err(ProviderError::AlreadyAdded),
            ProviderCommand::ConfigureProvider {
                provider_id,
                endpoint,
                api_key,
                models,
            } => {
                let only_models = models.is_some() && endpoint.is_none() && api_key.is_none();
                let models = models.map(|models| self.add_models(models)).transpose()?;
                let models_changed = models.flatten();
                // Adding models does not require the key.
                if only_models {
                    let check = ProviderEvent::ProviderCheckRequested {};
                    return Ok(models_changed.map_or_else(Vec::new, |changed| vec![changed, check]));
                }
                let configured = self.configured(provider_id, endpoint, api_key)?;
                Ok(std::iter::once(configured).chain(models_changed).collect())
            }
            ProviderCommand::RequestCheck => Ok(vec![ProviderEvent::ProviderCheckRequested {}]),
            ProviderCommand::RecordCheck { check, result } => {
                self.record_check(check, result).map(|event| vec![event])
            }
            ProviderCommand::RemoveProvider => Ok(vec![ProviderEvent::ProviderRemoved {}]),
        }
    }

    /// Replaces the added models; `None` if nothing changes.
    fn add_models(&self, models: Vec<String>) -> Result<Option<ProviderEvent>, ProviderError> {
        let mut added: Vec<String> = Vec::with_capacity(models.len().min(MAX_ADDED_MODELS));
        for model in models {
            let model = text::parse_line(&model, MODEL_LIMIT).map_err(ProviderError::Models)?;
            if !added.contains(&model) {
                added.push(model);
            }
            if added.len() > MAX_ADDED_MODELS {
                return Err(ProviderError::TooManyModels);
            }
        }
        let changed = added != self.added_models;
        Ok(changed.then_some(ProviderEvent::ProviderModelsNamed { models: added }))
    }

    #[expect(clippy::option_option, reason = "unchanged, removed, or set")]
    fn configured(
        &self,
        provider_id: Uuid,
        endpoint: Option<Endpoint>,
        api_key: Option<Option<String>>,
    ) -> Result<ProviderEvent, ProviderError> {
        let stored = || Endpoint {
            base_url: self.base_url.clone(),
            private_network: self.private_network,
        };
        let mut endpoint = endpoint.map_or_else(|| Ok(stored()), parse_endpoint)?;
        // An address that was allowed stays allowed.
        endpoint.private_network |= self.private_network && endpoint.base_url == self.base_url;
        if api_key.is_none() && self.has_key {
            return Err(ProviderError::MissingApiKey);
        }
        Ok(ProviderEvent::ProviderConfigured {
            base_url: endpoint.base_url,
            private_network: endpoint.private_network,
            api_key: seal_key(provider_id, api_key.flatten())?,
        })
    }

    /// Records the result of a check. A provider without a readable model list is healthy if models were added by hand;
    /// the fault is still recorded.
    fn record_check(
        &self,
        check: u32,
        result: Result<Vec<ListedModel>, CheckFault>,
    ) -> Result<ProviderEvent, ProviderError> {
        if self.checked || check != self.check {
            return Err(ProviderError::StaleCheck);
        }
        let (health, fault) = match &result {
            Ok(_) => (Health::Ok, None),
            Err(CheckFault::NotUnderstood) if !self.added_models.is_empty() => {
                (Health::Ok, Some(CheckFault::NotUnderstood))
            }
            Err(fault) => (Health::Unreachable, Some(*fault)),
        };
        let mut models = result.unwrap_or_default();
        models.retain(|listed| text::parse_line(&listed.model, MODEL_LIMIT).is_ok());
        models.truncate(MAX_LISTED_MODELS);
        Ok(ProviderEvent::ProviderChecked {
            check,
            health,
            fault,
            models,
        })
    }
}

fn parse_slug(name: &str) -> Result<String, ProviderError> {
    let is_allowed = name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let is_bounded = (1..=NAME_LIMIT).contains(&name.len()) && !name.starts_with('-');
    if is_allowed && is_bounded && name != BUILT_IN {
        return Ok(name.to_owned());
    }
    Err(ProviderError::Name)
}

fn parse_endpoint(endpoint: Endpoint) -> Result<Endpoint, ProviderError> {
    let base_url = egress::parse_base_url(&endpoint.base_url).map_err(ProviderError::BaseUrl)?;
    Ok(Endpoint {
        base_url,
        ..endpoint
    })
}

fn seal_key(
    provider_id: Uuid,
    api_key: Option<String>,
) -> Result<Option<Personal<String>>, ProviderError> {
    let Some(key) = api_key else {
        return Ok(None);
    };
    let key = text::parse_line(&key, KEY_LIMIT).map_err(ProviderError::ApiKey)?;
    let subject = Subject::new("provider", provider_id);
    Ok(Some(Personal::new([subject], key)))
}
