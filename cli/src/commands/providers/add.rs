//! `convosphere providers add`

use clap::{Args, ValueEnum};
use convosphere_client::Client;
use convosphere_client::types::CreateProvider;
use domain::provider::ProviderKind;

use super::{read_api_key, show_checked};
use crate::failure::Failure;

/// Adds a provider and lists its models. On the machine of the installation, its address may be in a private network.
#[derive(Debug, Args)]
pub struct Add {
    /// The prefix of its model names, such as openai or ollama.
    name: String,
    /// The API type of the provider.
    #[arg(long, value_enum, default_value = "openai-compatible")]
    kind: KindName,
    /// The base URL, such as <http://127.0.0.1:11434/v1>; by default the public API of its kind.
    #[arg(long)]
    base_url: Option<String>,
    /// Reads the API key from standard input.
    #[arg(long)]
    api_key_stdin: bool,
    /// A model to offer even if the provider does not list it; may be repeated.
    #[arg(long = "model", value_name = "NAME")]
    models: Vec<String>,
}

/// The API type of a provider.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum KindName {
    OpenaiCompatible,
    Anthropic,
    Gemini,
}

impl From<KindName> for ProviderKind {
    fn from(name: KindName) -> Self {
        match name {
            KindName::OpenaiCompatible => Self::OpenaiCompatible,
            KindName::Anthropic => Self::Anthropic,
            KindName::Gemini => Self::Gemini,
        }
    }
}

impl Add {
    pub async fn run(self, server: &Client, json: bool) -> Result<(), Failure> {
        let kind = ProviderKind::from(self.kind);
        let provider = CreateProvider {
            name: self.name,
            kind: kind.into_str().into(),
            base_url: self
                .base_url
                .unwrap_or_else(|| kind.default_url().to_owned()),
            api_key: read_api_key(self.api_key_stdin)?,
            models: Some(self.models).filter(|models| !models.is_empty()),
        };
        let added = server.create_provider(&provider).await?;
        show_checked(server, added, json).await
    }
}
