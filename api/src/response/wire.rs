//! Response bodies of runs.

use chrono::{DateTime, Utc};
use domain::response::{Call, Prompt, Speaker};
use poem_openapi::{Enum, Object};
use projections::response::{ResponseStatus, ResponseView};
use serde_json::json;
use uuid::Uuid;

/// Token usage of a run.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct ResponseUsage {
    pub input_tokens: i64,
    pub output_tokens: i64,
}

/// A call of a model: the first one, or a fallback because the previous model did not start to answer.
#[derive(Debug, Clone, PartialEq, Object)]
pub struct ModelCall {
    pub model: String,
    /// Milliseconds until the first token; null if there was none.
    pub first_ms: Option<u64>,
    /// Milliseconds until the end.
    pub took_ms: u64,
    pub input_tokens: u64,
    pub output_tokens: u64,
    /// In the currency of `models.prices`; null if the model has no price.
    pub cost: Option<f64>,
    /// Why the call failed, if it did.
    pub failure: Option<String>,
    /// Request fields that were left out because the provider does not accept them.
    pub left_out: Vec<String>,
}

impl From<Call> for ModelCall {
    fn from(call: Call) -> Self {
        let failure = call.failure.map(|code| json!(code));
        Self {
            model: call.model,
            first_ms: call.first_ms,
            took_ms: call.took_ms,
            input_tokens: call.usage.input_tokens,
            output_tokens: call.usage.output_tokens,
            cost: call
                .cost
                .map(|cost| money(i64::try_from(cost).unwrap_or(i64::MAX))),
            failure: failure.and_then(|code| code.as_str().map(str::to_owned)),
            left_out: call.left_out,
        }
    }
}

/// Converts millionths of a currency unit.
#[expect(clippy::cast_precision_loss, reason = "exact up to nine billion")]
pub(crate) fn money(millionths: i64) -> f64 {
    millionths as f64 / 1_000_000.0
}

/// Why a run failed.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct ResponseFailure {
    pub code: String,
    pub detail: String,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(
    rename = "ResponseStatus",
    rename_all = "snake_case",
    remote = "ResponseStatus"
)]
pub enum ResponseState {
    Queued,
    Running,
    Completed,
    Failed,
    /// The worker died.
    Interrupted,
    Cancelled,
}

/// One run of an assistant.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(rename = "Response")]
pub struct ResponseResource {
    pub id: Uuid,
    pub conversation_id: Uuid,
    pub prompt_message_id: Uuid,
    /// The message of the answer, which exists from the start.
    pub message_id: Uuid,
    pub assistant_id: Uuid,
    pub assistant_version: i32,
    /// The model that answers: the requested one, or a fallback.
    pub model: String,
    pub status: ResponseState,
    /// `stop`, `length`, `tool_calls` or `content_filter`.
    pub finish_reason: Option<String>,
    pub usage: Option<ResponseUsage>,
    /// The cost of all calls, in the currency of `models.prices`; null if none of the models has a price.
    pub cost: Option<f64>,
    /// The calls of models, once the run has ended; the last one gave the answer.
    pub calls: Vec<ModelCall>,
    pub error: Option<ResponseFailure>,
    pub started_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
}

impl From<ResponseView> for ResponseResource {
    fn from(view: ResponseView) -> Self {
        let usage = view.input_tokens.zip(view.output_tokens);
        let calls: Vec<Call> = view
            .calls
            .and_then(|calls| serde_json::from_str(&calls).ok())
            .unwrap_or_default();
        let error = view.error_code.zip(view.error_detail);
        Self {
            id: view.id,
            conversation_id: view.conversation_id,
            prompt_message_id: view.prompt_message_id,
            message_id: view.message_id,
            assistant_id: view.assistant_id,
            assistant_version: view.assistant_version,
            model: view.model,
            status: view.status.0.into(),
            finish_reason: view.finish_reason.map(|reason| reason.to_string()),
            usage: usage.map(|(input_tokens, output_tokens)| ResponseUsage {
                input_tokens,
                output_tokens,
            }),
            cost: view.cost.map(money),
            calls: calls.into_iter().map(Into::into).collect(),
            error: error.map(|(code, detail)| ResponseFailure {
                code: code.to_string(),
                detail,
            }),
            started_at: view.started_at,
            ended_at: view.ended_at,
        }
    }
}

/// The prompt of a run.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(rename = "Prompt")]
pub(super) struct PromptResource {
    pub response_id: Uuid,
    pub model: String,
    /// The messages in the order in which they were sent.
    pub messages: Vec<PromptMessage>,
    /// Whether earlier messages were left out because of the context window of the model.
    pub left_out: bool,
    pub temperature: Option<f64>,
    pub max_output_tokens: Option<u32>,
}

/// One message of a prompt.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub(super) struct PromptMessage {
    /// `system`, `user` or `assistant`.
    pub role: String,
    pub content: String,
    /// Null for instructions and knowledge.
    pub message_id: Option<Uuid>,
}

impl PromptResource {
    pub(super) fn new(run: ResponseView, prompt: Prompt) -> Self {
        let system = prompt.system();
        let instructions = (!system.is_empty()).then_some(PromptMessage {
            role: "system".to_owned(),
            content: system,
            message_id: None,
        });
        let turns = prompt.messages().into_iter().map(|turn| PromptMessage {
            role: match turn.speaker {
                Speaker::User => "user".to_owned(),
                Speaker::Assistant => "assistant".to_owned(),
            },
            content: turn.text,
            message_id: Some(turn.message_id),
        });
        Self {
            response_id: run.id,
            model: run.model,
            messages: instructions.into_iter().chain(turns).collect(),
            left_out: prompt.truncated,
            temperature: prompt.temperature,
            max_output_tokens: prompt.max_output_tokens,
        }
    }
}
