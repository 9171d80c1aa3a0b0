//! What a provider is made of.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The language that a provider speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProviderKind {
    /// `/models` and `/chat/completions` as `OpenAI` has them: also Ollama, vLLM, llama.cpp, `LiteLLM`.
    OpenaiCompatible,
    /// `/models` and `/messages` as Anthropic has them.
    Anthropic,
    /// `/models` and `/models/<name>:streamGenerateContent` as Google has them.
    Gemini,
}

impl ProviderKind {
    const ALL: [Self; 3] = [Self::OpenaiCompatible, Self::Anthropic, Self::Gemini];

    /// As views and requests name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenaiCompatible => "openai_compatible",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
        }
    }

    /// The kind of such a name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Where the company that made the interface offers it.
    pub fn usual_url(self) -> &'static str {
        match self {
            Self::OpenaiCompatible => "https://api.openai.com/v1",
            Self::Anthropic => "https://api.anthropic.com/v1",
            Self::Gemini => "https://generativelanguage.googleapis.com/v1beta",
        }
    }
}

/// Where a provider is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    pub base_url: String,
    /// Whether the operator has allowed its address to be a private one.
    pub private_network: bool,
}

/// A server of models that answers on this very machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalServer {
    /// A name that a provider of it may have.
    pub name: String,
    pub base_url: String,
}

/// Whether a provider answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    Ok,
    Unreachable,
}

/// Why a check found a provider wanting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckFault {
    /// Nothing answers there, or its address may not be called.
    NoConnection,
    /// It does not take the key.
    Unauthorized,
    /// It answers, but not as this kind of provider does.
    NotUnderstood,
    /// It took too long.
    Timeout,
    /// The name in its address is not known.
    NameNotFound,
    /// Its name leads to a private address, which the operator has not allowed.
    PrivateAddress,
}

/// A model that a provider has told of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListedModel {
    /// Its name at the provider.
    pub model: String,
    /// Tokens that it takes in, where the provider says so.
    pub context_window: Option<u32>,
    /// Tokens that it says at most, where the provider says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<u32>,
}
