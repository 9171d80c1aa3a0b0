//! Endpoint, health and models of a provider.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Abilities, is_chat_model};

/// The API that a provider implements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[derive(strum::Display, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum ProviderKind {
    /// `/models` and `/chat/completions` of the `OpenAI` API; also Ollama, vLLM, llama.cpp, `LiteLLM`.
    OpenaiCompatible,
    /// `/models` and `/messages` of the Anthropic API.
    Anthropic,
    /// `/models` and `/models/<name>:streamGenerateContent` of the Google Gemini API.
    Gemini,
}

impl ProviderKind {
    /// The public endpoint of the company that defined the API.
    pub fn default_url(self) -> &'static str {
        match self {
            Self::OpenaiCompatible => "https://api.openai.com/v1",
            Self::Anthropic => "https://api.anthropic.com/v1",
            Self::Gemini => "https://generativelanguage.googleapis.com/v1beta",
        }
    }
}

/// The address of a provider's API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    pub base_url: String,
    /// Whether the operator allows this address to be in a private network.
    pub private_network: bool,
}

/// A model server found on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalServer {
    /// A suitable name for a provider.
    pub name: String,
    pub base_url: String,
}

/// Whether a provider is usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[derive(strum::Display, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Health {
    Ok,
    Unreachable,
}

/// Why a check failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[derive(strum::Display, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum CheckFault {
    /// The connection failed, or the address is not allowed.
    NoConnection,
    /// The provider rejected the API key.
    Unauthorized,
    /// The response is not that of this kind of provider.
    NotUnderstood,
    /// The provider did not respond in time.
    Timeout,
    /// The host name cannot be resolved.
    NameNotFound,
    /// The host name resolves to a private address, which the operator has not allowed.
    PrivateAddress,
}

/// A model listed by a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListedModel {
    /// The provider's name for it.
    pub model: String,
    /// Context window in tokens, if the provider reports it.
    pub context_window: Option<u32>,
    /// Maximum output in tokens, if the provider reports it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<u32>,
    /// What the provider reports.
    #[serde(default, skip_serializing_if = "Abilities::is_unknown")]
    pub abilities: Abilities,
}

impl ListedModel {
    /// Whether it generates text: as its provider reports, or judging by its name.
    pub fn is_chat_model(&self) -> bool {
        self.abilities.embedding != Some(true) && is_chat_model(&self.model)
    }
}
