//! One provider: whether it is there, and which check of it is awaited.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::values::{CheckFault, Endpoint, Health, ListedModel};
use super::{ProviderCommand, ProviderError, ProviderEvent};
use crate::egress;
use crate::personal::{Personal, Subject};
use crate::recorded::{Event, Recorded};
use crate::text;

const NAME_LIMIT: usize = 40;
const KEY_LIMIT: usize = 1_000;
/// Models kept of one provider.
const MODELS: usize = 500;
const MODEL_LIMIT: usize = 150;
/// Models that an administrator may name.
const NAMED: usize = 100;
/// The provider that is part of the product.
const BUILT_IN: &str = "builtin";

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Provider {
    added: bool,
    removed: bool,
    /// Counts the checks that were asked for.
    check: u32,
    checked: bool,
    base_url: String,
    private_network: bool,
    has_key: bool,
    /// Models that were named by an administrator.
    #[serde(default)]
    named: Vec<String>,
}

impl Recorded for Provider {
    const OWNS_KEY: bool = true;

    fn event(event: Self::Event) -> Event {
        Event::Provider(event)
    }
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
            ProviderEvent::ProviderModelsNamed { models } => self.named = models,
            ProviderEvent::ProviderCheckRequested {} => self.await_check(),
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
        self.await_check();
    }

    fn await_check(&mut self) {
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
            let endpoint = checked(endpoint)?;
            let mut events = vec![ProviderEvent::ProviderAdded {
                slug: slug(&name)?,
                kind,
                base_url: endpoint.base_url,
                private_network: endpoint.private_network,
                api_key: key(provider_id, api_key)?,
            }];
            events.extend(self.named(models)?);
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
                let named = models.map(|models| self.named(models)).transpose()?;
                // Who names models alone need not know the key.
                if named.is_none() || endpoint.is_some() || api_key.is_some() {
                    let configured = self.reconfigured(provider_id, endpoint, api_key)?;
                    return Ok([Some(configured), named.flatten()]
                        .into_iter()
                        .flatten()
                        .collect());
                }
                let check = ProviderEvent::ProviderCheckRequested {};
                Ok(named
                    .flatten()
                    .map_or_else(Vec::new, |named| vec![named, check]))
            }
            ProviderCommand::RequestCheck => Ok(vec![ProviderEvent::ProviderCheckRequested {}]),
            ProviderCommand::RecordCheck { check, result } => {
                self.record(check, result).map(|event| vec![event])
            }
            ProviderCommand::RemoveProvider => Ok(vec![ProviderEvent::ProviderRemoved {}]),
        }
    }

    /// The event that names these models; none where nothing changes.
    fn named(&self, models: Vec<String>) -> Result<Option<ProviderEvent>, ProviderError> {
        let mut named: Vec<String> = Vec::with_capacity(models.len().min(NAMED));
        for model in models {
            let model = text::line(&model, MODEL_LIMIT).map_err(ProviderError::Models)?;
            if !named.contains(&model) {
                named.push(model);
            }
            if named.len() > NAMED {
                return Err(ProviderError::TooManyModels);
            }
        }
        Ok((named != self.named).then_some(ProviderEvent::ProviderModelsNamed { models: named }))
    }

    #[expect(clippy::option_option, reason = "not given, taken away, or set")]
    fn reconfigured(
        &self,
        provider_id: Uuid,
        endpoint: Option<Endpoint>,
        api_key: Option<Option<String>>,
    ) -> Result<ProviderEvent, ProviderError> {
        let stored = || Endpoint {
            base_url: self.base_url.clone(),
            private_network: self.private_network,
        };
        let mut endpoint = endpoint.map_or_else(|| Ok(stored()), checked)?;
        // What was allowed for this address stays allowed.
        endpoint.private_network |= self.private_network && endpoint.base_url == self.base_url;
        if api_key.is_none() && self.has_key {
            return Err(ProviderError::KeyNotGiven);
        }
        Ok(ProviderEvent::ProviderConfigured {
            base_url: endpoint.base_url,
            private_network: endpoint.private_network,
            api_key: key(provider_id, api_key.flatten())?,
        })
    }

    /// What a check has found. A provider that answers without a list that can be read is well where its models are
    /// named: the fault is kept beside it.
    fn record(
        &self,
        check: u32,
        result: Result<Vec<ListedModel>, CheckFault>,
    ) -> Result<ProviderEvent, ProviderError> {
        if self.checked || check != self.check {
            return Err(ProviderError::OtherCheck);
        }
        let (health, fault) = match &result {
            Ok(_) => (Health::Ok, None),
            Err(CheckFault::NotUnderstood) if !self.named.is_empty() => {
                (Health::Ok, Some(CheckFault::NotUnderstood))
            }
            Err(fault) => (Health::Unreachable, Some(*fault)),
        };
        let mut models = result.unwrap_or_default();
        models.retain(|listed| text::line(&listed.model, MODEL_LIMIT).is_ok());
        models.truncate(MODELS);
        Ok(ProviderEvent::ProviderChecked {
            check,
            health,
            fault,
            models,
        })
    }
}

fn slug(name: &str) -> Result<String, ProviderError> {
    let shaped = name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let fits = (1..=NAME_LIMIT).contains(&name.len()) && !name.starts_with('-');
    if shaped && fits && name != BUILT_IN {
        return Ok(name.to_owned());
    }
    Err(ProviderError::Name)
}

fn checked(endpoint: Endpoint) -> Result<Endpoint, ProviderError> {
    let url = egress::base_url(&endpoint.base_url).map_err(ProviderError::BaseUrl)?;
    Ok(Endpoint {
        base_url: url,
        ..endpoint
    })
}

fn key(
    provider_id: Uuid,
    api_key: Option<String>,
) -> Result<Option<Personal<String>>, ProviderError> {
    let subject = || [Subject::new("provider", provider_id)];
    api_key
        .map(|key| text::line(&key, KEY_LIMIT).map_err(ProviderError::ApiKey))
        .transpose()
        .map(|key| key.map(|key| Personal::new(subject(), key)))
}
