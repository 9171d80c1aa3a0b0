//! What a run yields.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A piece of an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Part {
    Text {
        text: String,
    },
    /// What the model thought aloud; shown apart, never sent back to a model.
    Reasoning {
        text: String,
    },
}

/// Where a claim of the answer stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Citation {
    /// The number in the text, from 1.
    pub number: u32,
    pub title: String,
    /// The passage, word for word.
    pub quote: String,
    /// Where it can be opened: a path of this installation.
    pub location: String,
}

/// The content of an answer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    pub parts: Vec<Part>,
    pub citations: Vec<Citation>,
}

/// The plain text of some parts: reasoning is left out.
pub fn answer_text(parts: &[Part]) -> String {
    parts
        .iter()
        .filter_map(|part| match part {
            Part::Text { text } => Some(text.as_str()),
            Part::Reasoning { .. } => None,
        })
        .collect()
}

/// Tokens of one run, as counted by the provider or by us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Usage {
    pub input_tokens: u64,
    pub output_tokens: u64,
}

/// One model that was asked during a run: the first, or one that was asked because the one before did not answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Call {
    /// As PROVIDER/MODEL.
    pub model: String,
    /// Milliseconds until its first piece; none where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_ms: Option<u64>,
    /// Milliseconds until its end.
    pub took_ms: u64,
    pub usage: Usage,
    /// In millionths of the currency that the operator's prices are in; none where it has no price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<u64>,
    /// Why it did not answer to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<FailureCode>,
    /// Fields that it was not asked with, because its provider does not take them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
}

/// Why a model stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FinishReason {
    Stop,
    Length,
    ToolCalls,
    ContentFilter,
}

/// Why a run failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    /// The model is not known to this installation.
    ModelUnavailable,
    /// The provider did not answer as it should.
    ProviderError,
    /// The provider does not take the key, or the account has no right or no credit.
    ProviderUnauthorized,
    /// The provider asks for fewer requests.
    ProviderRateLimited,
    /// Nothing answers at the provider's address, or it may not be called.
    ProviderUnreachable,
    /// The provider took too long.
    ProviderTimeout,
    /// Something in this installation went wrong.
    Internal,
}
