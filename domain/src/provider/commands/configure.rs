//! Configuring and removing a provider.

use uuid::Uuid;

use crate::command::{Command, Decision};
use crate::egress;
use crate::personal::{Personal, Subject};
use crate::provider::{Endpoint, Provider, ProviderError, ProviderEvent};
use crate::text;

const KEY_LIMIT: usize = 1_000;
pub(super) const MODEL_LIMIT: usize = 150;
/// Maximum number of models that an administrator may add.
const MAX_ADDED_MODELS: usize = 100;

/// Changes only the fields that are set. If there is a stored key, a change other than of `models` must include the key
/// again or remove it, so that the key is never sent to a different address.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfigureProvider {
    pub provider_id: Uuid,
    pub endpoint: Option<Endpoint>,
    /// `Some(None)` removes the key.
    pub api_key: Option<Option<String>>,
    /// Replaces the models that were added before.
    pub models: Option<Vec<String>>,
}

impl Command<Provider> for ConfigureProvider {
    fn decide(mut self, state: &Provider) -> Decision<Provider> {
        state.require_existing()?;
        let models = self.models.take();
        let only_models = models.is_some() && self.endpoint.is_none() && self.api_key.is_none();
        let models = models.map(|models| add_models(state, models)).transpose()?;
        let models_changed = models.flatten();
        // Adding models does not require the key.
        if only_models {
            let check = ProviderEvent::ProviderCheckRequested {};
            return Ok(models_changed.map_or_else(Vec::new, |changed| vec![changed, check]));
        }
        let configured = self.configured(state)?;
        Ok(std::iter::once(configured).chain(models_changed).collect())
    }
}

impl ConfigureProvider {
    fn configured(self, state: &Provider) -> Result<ProviderEvent, ProviderError> {
        let stored = || Endpoint {
            base_url: state.base_url.clone(),
            private_network: state.private_network,
        };
        let mut endpoint = self.endpoint.map_or_else(|| Ok(stored()), parse_endpoint)?;
        // An address that was allowed stays allowed.
        endpoint.private_network |= state.private_network && endpoint.base_url == state.base_url;
        if self.api_key.is_none() && state.has_key {
            return Err(ProviderError::MissingApiKey);
        }
        Ok(ProviderEvent::ProviderConfigured {
            base_url: endpoint.base_url,
            private_network: endpoint.private_network,
            api_key: seal_key(self.provider_id, self.api_key.flatten())?,
        })
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct RemoveProvider;

impl Command<Provider> for RemoveProvider {
    fn decide(self, state: &Provider) -> Decision<Provider> {
        state.require_existing()?;
        Ok(vec![ProviderEvent::ProviderRemoved {}])
    }
}

/// Replaces the added models; `None` if nothing changes.
pub(super) fn add_models(
    state: &Provider,
    models: Vec<String>,
) -> Result<Option<ProviderEvent>, ProviderError> {
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
    let changed = added != state.added_models;
    Ok(changed.then_some(ProviderEvent::ProviderModelsNamed { models: added }))
}

pub(super) fn parse_endpoint(endpoint: Endpoint) -> Result<Endpoint, ProviderError> {
    let base_url = egress::parse_base_url(&endpoint.base_url).map_err(ProviderError::BaseUrl)?;
    Ok(Endpoint {
        base_url,
        ..endpoint
    })
}

pub(super) fn seal_key(
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::decide;
    use crate::provider::fixture::{ID, added, models_added};

    fn add_models(models: &[&str]) -> ConfigureProvider {
        ConfigureProvider {
            provider_id: ID,
            endpoint: None,
            api_key: None,
            models: Some(models.iter().map(|model| (*model).to_owned()).collect()),
        }
    }

    #[test]
    fn models_are_added_without_the_key_and_replace_earlier_ones() {
        let check = || ProviderEvent::ProviderCheckRequested {};
        assert_eq!(
            decide([added()], add_models(&["a", " b ", "a"])),
            Ok(vec![models_added(&["a", "b"]), check()])
        );
        assert_eq!(
            decide(
                [added(), models_added(&["a", "b"])],
                add_models(&["a", "b"])
            ),
            Ok(vec![])
        );
        assert_eq!(
            decide([added(), models_added(&["a"])], add_models(&[])),
            Ok(vec![models_added(&[]), check()])
        );
    }

    #[test]
    fn invalid_model_names_are_refused() {
        for wrong in ["", " ", "a\nb", &"x".repeat(151)] {
            let refused = decide([added()], add_models(&["a", wrong]));
            assert!(
                matches!(refused, Err(ProviderError::Models(_))),
                "{wrong:?}"
            );
        }
        let many: Vec<String> = (0..101).map(|n| format!("m{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let refused = decide([added()], add_models(&many));
        assert_eq!(refused, Err(ProviderError::TooManyModels));
    }
}
