//! What happened in a run.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::values::{Answer, Call, FailureCode, FinishReason, Usage};
use crate::personal::Personal;
use crate::recorded::stored_events;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event_type", rename_all = "snake_case")]
pub enum ResponseEvent {
    ResponseRequested {
        conversation_id: Uuid,
        prompt_message_id: Uuid,
        /// The answer's place in the tree.
        message_id: Uuid,
        requested_by: Uuid,
        assistant_id: Uuid,
        assistant_version: u32,
        model: String,
        /// Tokens that the model takes, as its provider has listed it: what was left out of the prompt for that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        context_window: Option<u32>,
    },
    ResponseStarted {
        /// Counts the workers that tried; an outcome of another attempt is refused.
        attempt: u32,
        /// The passages that the model was given, in their order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        passages: Vec<Uuid>,
    },
    ResponseCompleted {
        attempt: u32,
        answer: Personal<Answer>,
        finish_reason: FinishReason,
        usage: Usage,
        /// The models that were asked, in their order; the last one gave the answer.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        calls: Vec<Call>,
    },
    ResponseFailed {
        attempt: u32,
        code: FailureCode,
        detail: Personal<String>,
        answer: Personal<Answer>,
        usage: Usage,
        /// The models that were asked, in their order; the last one gave the answer.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        calls: Vec<Call>,
    },
    /// Its worker died; what it had said is kept.
    ResponseInterrupted {
        attempt: u32,
        answer: Personal<Answer>,
    },
    CancellationRequested {
        by: Uuid,
    },
    ResponseCancelled {
        attempt: u32,
        answer: Personal<Answer>,
        usage: Usage,
        /// The models that were asked, in their order; the last one gave the answer.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        calls: Vec<Call>,
    },
}

stored_events!(ResponseEvent {
    ResponseRequested => "response_requested",
    ResponseStarted => "response_started",
    ResponseCompleted => "response_completed",
    ResponseFailed => "response_failed",
    ResponseInterrupted => "response_interrupted",
    CancellationRequested => "cancellation_requested",
    ResponseCancelled => "response_cancelled",
});
