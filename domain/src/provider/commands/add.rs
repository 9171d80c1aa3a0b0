//! Adding a provider.

use uuid::Uuid;

use super::configure::{add_models, parse_endpoint, seal_key};
use crate::command::{Command, Decision};
use crate::provider::{Endpoint, Provider, ProviderError, ProviderEvent, ProviderKind};

const NAME_LIMIT: usize = 40;
/// Reserved for the built-in model.
const BUILT_IN: &str = "builtin";

#[derive(Debug, Clone, PartialEq)]
pub struct AddProvider {
    pub provider_id: Uuid,
    pub name: String,
    pub kind: ProviderKind,
    pub endpoint: Endpoint,
    pub api_key: Option<String>,
    /// Models to offer in addition to those that the provider lists.
    pub models: Vec<String>,
}

impl Command<Provider> for AddProvider {
    fn decide(self, state: &Provider) -> Decision<Provider> {
        if state.added {
            return Err(ProviderError::AlreadyAdded);
        }
        let endpoint = parse_endpoint(self.endpoint)?;
        let added = ProviderEvent::ProviderAdded {
            slug: parse_slug(self.name)?,
            kind: self.kind,
            base_url: endpoint.base_url,
            private_network: endpoint.private_network,
            api_key: seal_key(self.provider_id, self.api_key)?,
        };
        let models = add_models(state, self.models)?;
        Ok(std::iter::once(added).chain(models).collect())
    }
}

fn parse_slug(name: String) -> Result<String, ProviderError> {
    let is_allowed = name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let is_bounded = (1..=NAME_LIMIT).contains(&name.len()) && !name.starts_with('-');
    match is_allowed && is_bounded && name != BUILT_IN {
        true => Ok(name),
        false => Err(ProviderError::Name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::decide;
    use crate::egress::UrlError;
    use crate::provider::fixture::{ID, added, models_added};

    fn add(name: &str, base_url: &str) -> AddProvider {
        AddProvider {
            provider_id: ID,
            name: name.to_owned(),
            kind: ProviderKind::OpenaiCompatible,
            endpoint: Endpoint {
                base_url: base_url.to_owned(),
                private_network: false,
            },
            api_key: Some("secret".to_owned()),
            models: vec![],
        }
    }

    #[test]
    fn adding_seals_the_key_and_normalises_the_url() {
        let command = add("openai", "https://api.openai.com/v1/");
        assert_eq!(decide([], command), Ok(vec![added()]));
    }

    #[test]
    fn a_provider_can_be_added_with_models() {
        let command = AddProvider {
            models: vec!["qwen3:8b".to_owned()],
            ..add("openai", "https://api.openai.com/v1")
        };
        let events = vec![added(), models_added(&["qwen3:8b"])];
        assert_eq!(decide([], command), Ok(events));
    }

    #[test]
    fn invalid_names_and_addresses_are_refused() {
        for name in ["", "Open AI", "builtin", "-x", "a/b", &"x".repeat(41)] {
            let refused = decide([], add(name, "https://x.org"));
            assert_eq!(refused, Err(ProviderError::Name));
        }
        let refused = decide([], add("x", "ftp://x.org"));
        assert_eq!(refused, Err(ProviderError::BaseUrl(UrlError::Scheme)));
    }
}
