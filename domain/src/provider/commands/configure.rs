//! Configuring and removing a provider.

use std::collections::HashSet;

use uuid::Uuid;

use crate::command::{Command, Decision};
use crate::egress;
use crate::personal::{Personal, Subject};
use crate::provider::{Endpoint, Provider, ProviderError, ProviderEvent};
use crate::text::{self, TextError};

const KEY_LIMIT: usize = 1_000;
pub(super) const MODEL_LIMIT: usize = 150;
/// Maximum number of models that an administrator may add.
const MAX_ADDED_MODELS: usize = 100;
/// Maximum number of disabled models: more than a provider can list and an administrator can add.
const MAX_DISABLED_MODELS: usize = 1_000;

/// Changes only the fields that are set. If there is a stored key, a change of more than the models must include the key
/// again or remove it, so that the key is never sent to a different address.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfigureProvider {
    pub provider_id: Uuid,
    pub endpoint: Option<Endpoint>,
    /// `Some(None)` removes the key.
    pub api_key: Option<Option<String>>,
    /// Replaces the models that were added before.
    pub models: Option<Vec<String>>,
    /// Replaces the models that were disabled before. The provider need not list them.
    pub disabled_models: Option<Vec<String>>,
}

impl Command<Provider> for ConfigureProvider {
    fn decide(mut self, state: &Provider) -> Decision<Provider> {
        state.require_existing()?;
        let (models, disabled) = (self.models.take(), self.disabled_models.take());
        let names_models = models.is_some() || disabled.is_some();
        let only_models = names_models && self.endpoint.is_none() && self.api_key.is_none();
        let models = models.map(|models| add_models(state, models)).transpose()?;
        let added = models.flatten();
        let disabled = disabled.map(|models| disable_models(state, models));
        let disabled = disabled.transpose()?.flatten();
        // Adding and disabling models does not require the key.
        if only_models {
            let is_added = added.is_some();
            let check = is_added.then_some(ProviderEvent::ProviderCheckRequested {});
            return Ok(disabled.into_iter().chain(added).chain(check).collect());
        }
        let configured = std::iter::once(self.configured(state)?);
        Ok(configured.chain(disabled).chain(added).collect())
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
    let models = parse_models(models).map_err(ProviderError::Models)?;
    if models.len() > MAX_ADDED_MODELS {
        return Err(ProviderError::TooManyModels);
    }
    let changed = models != state.added_models;
    Ok(changed.then_some(ProviderEvent::ProviderModelsNamed { models }))
}

/// Replaces the disabled models; `None` if nothing changes.
fn disable_models(
    state: &Provider,
    models: Vec<String>,
) -> Result<Option<ProviderEvent>, ProviderError> {
    let models = parse_models(models).map_err(ProviderError::DisabledModels)?;
    if models.len() > MAX_DISABLED_MODELS {
        return Err(ProviderError::TooManyDisabledModels);
    }
    let changed = models != state.disabled_models;
    Ok(changed.then_some(ProviderEvent::ProviderModelsDisabled { models }))
}

/// Parses names of models, without repetitions.
fn parse_models(models: Vec<String>) -> Result<Vec<String>, TextError> {
    let mut seen = HashSet::new();
    let parsed = models
        .into_iter()
        .map(|model| text::parse_line(&model, MODEL_LIMIT));
    let mut parsed = parsed.collect::<Result<Vec<String>, TextError>>()?;
    parsed.retain(|model| seen.insert(model.clone()));
    Ok(parsed)
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
    use crate::provider::fixture::{ID, added, models_added, models_disabled, names};

    const UNCHANGED: ConfigureProvider = ConfigureProvider {
        provider_id: ID,
        endpoint: None,
        api_key: None,
        models: None,
        disabled_models: None,
    };

    fn add_models(models: &[&str]) -> ConfigureProvider {
        ConfigureProvider {
            models: Some(names(models)),
            ..UNCHANGED
        }
    }

    fn disable_models(models: &[&str]) -> ConfigureProvider {
        ConfigureProvider {
            disabled_models: Some(names(models)),
            ..UNCHANGED
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
    fn models_are_disabled_without_the_key_and_without_a_check() {
        assert_eq!(
            decide([added()], disable_models(&["a", " b ", "a"])),
            Ok(vec![models_disabled(&["a", "b"])])
        );
        let disabled = || [added(), models_disabled(&["a"])];
        assert_eq!(decide(disabled(), disable_models(&["a"])), Ok(vec![]));
        assert_eq!(
            decide(disabled(), disable_models(&[])),
            Ok(vec![models_disabled(&[])])
        );
        let both = ConfigureProvider {
            models: Some(names(&["b"])),
            ..disable_models(&["b"])
        };
        let check = ProviderEvent::ProviderCheckRequested {};
        assert_eq!(
            decide([added()], both),
            Ok(vec![models_disabled(&["b"]), models_added(&["b"]), check])
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
            let refused = decide([added()], disable_models(&["a", wrong]));
            assert!(
                matches!(refused, Err(ProviderError::DisabledModels(_))),
                "{wrong:?}"
            );
        }
        let many: Vec<String> = (0..1_001).map(|n| format!("m{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let refused = decide([added()], add_models(&many[..101]));
        assert_eq!(refused, Err(ProviderError::TooManyModels));
        let refused = decide([added()], disable_models(&many));
        assert_eq!(refused, Err(ProviderError::TooManyDisabledModels));
    }
}
