//! The results of a run.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A part of an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AnswerPart {
    Text {
        text: String,
    },
    /// The model's reasoning; displayed separately and never sent back to a model.
    Reasoning {
        text: String,
        /// How long the model reasoned, if that was measured: from the first piece to the next text, or to the end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        duration_ms: Option<u64>,
    },
}

impl AnswerPart {
    /// Reasoning of unknown duration.
    pub fn reasoning(text: impl Into<String>) -> Self {
        Self::Reasoning {
            text: text.into(),
            duration_ms: None,
        }
    }

    /// Its text, whether it is part of the answer or of the reasoning.
    pub fn text(&self) -> &str {
        match self {
            Self::Text { text } | Self::Reasoning { text, .. } => text,
        }
    }
}

/// The source of a statement in an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Citation {
    /// The number in the answer's text, from 1.
    pub number: u32,
    pub title: String,
    /// The text of the passage.
    pub quote: String,
    /// The path of the page that shows it.
    pub location: String,
}

/// The content of an answer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    pub parts: Vec<AnswerPart>,
    pub citations: Vec<Citation>,
}

/// The text of an answer, without reasoning.
pub fn answer_text(parts: &[AnswerPart]) -> String {
    parts
        .iter()
        .filter_map(|part| match part {
            AnswerPart::Text { text } => Some(text.as_str()),
            AnswerPart::Reasoning { .. } => None,
        })
        .collect()
}

/// Tokens used, as counted by the provider or, failing that, by the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Usage {
    pub input_tokens: u64,
    pub output_tokens: u64,
}

/// A call to a model: the first of a run, or a fallback after the previous model failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Call {
    /// `<provider>/<model>`.
    pub model: String,
    /// Milliseconds until the first output; `None` if there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_ms: Option<u64>,
    /// Milliseconds until the end of the call.
    pub took_ms: u64,
    pub usage: Usage,
    /// In millionths of the currency of the configured prices; `None` if the model has no price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<u64>,
    /// Why the call failed, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<FailureCode>,
    /// Request fields that were omitted because the provider rejects them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
}

/// Why a model stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[derive(strum::Display, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum FinishReason {
    Stop,
    Length,
    ToolCalls,
    ContentFilter,
}

/// Why a run failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[derive(strum::Display, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum FailureCode {
    /// No provider offers the model.
    ModelUnavailable,
    /// The provider returned an error or an invalid response.
    ProviderError,
    /// The provider rejected the API key, or the account lacks permission or credit.
    ProviderUnauthorized,
    /// The provider limits the rate of requests.
    ProviderRateLimited,
    /// The connection failed, or the address is not allowed.
    ProviderUnreachable,
    /// The provider did not respond in time.
    ProviderTimeout,
    /// An internal error; see the server log.
    Internal,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_an_answer_excludes_reasoning() {
        let parts = [
            AnswerPart::reasoning("hm"),
            AnswerPart::Text { text: "a".into() },
            AnswerPart::Text { text: "b".into() },
        ];
        assert_eq!(answer_text(&parts), "ab");
    }
}
