//! Providers from the environment variables that other tools use as well, such as `OPENAI_API_KEY`.

use application::EnvironmentProvider;
use domain::provider::ProviderKind;

/// Name, kind, and the variables of the key and of the base URL.
const PROVIDERS: [(&str, ProviderKind, &str, &str); 3] = [
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

pub fn read() -> Vec<EnvironmentProvider> {
    let variable = |name| std::env::var(name).ok().filter(|text| !text.is_empty());
    let provider = |(name, kind, key, url): (_, ProviderKind, _, _)| {
        let (base_url, api_key) = (variable(url), variable(key));
        (base_url.is_some() || api_key.is_some()).then(|| EnvironmentProvider {
            name,
            kind,
            base_url: base_url.unwrap_or_else(|| kind.default_url().to_owned()),
            api_key,
        })
    };
    PROVIDERS.into_iter().filter_map(provider).collect()
}
