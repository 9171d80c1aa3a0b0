//! Providers from the environment variables that other tools use as well, such as `OPENAI_API_KEY`, and the model servers
//! that may run on this machine.

use application::EnvironmentProvider;
use domain::provider::{LocalServer, ProviderKind};

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

/// The default addresses of Ollama and LM Studio; `OLLAMA_HOST` changes the former.
pub fn local_servers() -> Vec<LocalServer> {
    let ollama_host = std::env::var("OLLAMA_HOST").unwrap_or_default();
    let server = |name: &str, base_url: String| LocalServer {
        name: name.to_owned(),
        base_url,
    };
    vec![
        server("ollama", ollama_url(&ollama_host)),
        server("lm-studio", "http://127.0.0.1:1234/v1".to_owned()),
    ]
}

/// `OLLAMA_HOST` is a host, a port, both, or a URL; missing parts have defaults.
fn ollama_url(host: &str) -> String {
    let host = host.trim().trim_end_matches('/');
    let authority = host.strip_prefix("http://").unwrap_or(host);
    let (name, port) = match authority.rsplit_once(':') {
        Some((name, port)) if port.parse::<u16>().is_ok() => (name, port),
        _ => (authority, "11434"),
    };
    // A server that listens on every address is reachable on loopback.
    let name = match name {
        "" | "0.0.0.0" | "[::]" => "127.0.0.1",
        name => name,
    };
    format!("http://{name}:{port}/v1")
}

#[cfg(test)]
mod tests {
    use super::ollama_url;

    #[test]
    fn ollama_host_sets_the_url_of_ollama() {
        for (host, url) in [
            ("", "http://127.0.0.1:11434/v1"),
            ("0.0.0.0", "http://127.0.0.1:11434/v1"),
            ("127.0.0.1:99", "http://127.0.0.1:99/v1"),
            (":99", "http://127.0.0.1:99/v1"),
            ("http://models:99/", "http://models:99/v1"),
            ("[::1]:99", "http://[::1]:99/v1"),
        ] {
            assert_eq!(ollama_url(host), url, "{host}");
        }
    }
}
