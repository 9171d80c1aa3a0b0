//! Providers that the operator gives in the environment, by the variables that everybody's tools read.

use domain::provider::ProviderKind;

/// A provider of the environment.
#[derive(Debug, Clone)]
pub struct GivenProvider {
    /// The first part of its models' names.
    pub name: &'static str,
    pub kind: ProviderKind,
    pub base_url: String,
    pub api_key: Option<String>,
}

/// Name, kind, and the variables of key and address.
const GIVEN: [(&str, ProviderKind, &str, &str); 3] = [
    (
        "openai",
        ProviderKind::OpenaiCompatible,
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
    ),
    (
        "anthropic",
        ProviderKind::Anthropic,
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_BASE_URL",
    ),
    (
        "gemini",
        ProviderKind::Gemini,
        "GEMINI_API_KEY",
        "GEMINI_BASE_URL",
    ),
];

pub fn read() -> Vec<GivenProvider> {
    let given = |name| std::env::var(name).ok().filter(|text| !text.is_empty());
    let provider = |(name, kind, key, url): (_, ProviderKind, _, _)| {
        let (base_url, api_key) = (given(url), given(key));
        (base_url.is_some() || api_key.is_some()).then(|| GivenProvider {
            name,
            kind,
            base_url: base_url.unwrap_or_else(|| kind.default_url().to_owned()),
            api_key,
        })
    };
    GIVEN.into_iter().filter_map(provider).collect()
}
