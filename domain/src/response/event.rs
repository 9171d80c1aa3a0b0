//! Events of a run.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::values::{Answer, Call, FailureCode, FinishReason, Usage};
use crate::codec::stored_events;
use crate::personal::Personal;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event_type", rename_all = "snake_case")]
pub enum ResponseEvent {
    ResponseRequested {
        conversation_id: Uuid,
        prompt_message_id: Uuid,
        /// The answer's message in the tree of the conversation.
        message_id: Uuid,
        requested_by: Uuid,
        assistant_id: Uuid,
        assistant_version: u32,
        model: String,
        /// The model's context window in tokens, as listed by its provider. It determines how much of the history is in
        /// the prompt.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        context_window: Option<u32>,
    },
    ResponseStarted {
        /// The number of the attempt; outcomes of other attempts are refused.
        attempt: u32,
        /// The passages in the prompt, in order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        passages: Vec<Uuid>,
    },
    ResponseCompleted {
        attempt: u32,
        answer: Personal<Answer>,
        finish_reason: FinishReason,
        usage: Usage,
        /// The calls to models, in order; the last one produced the answer.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        calls: Vec<Call>,
    },
    ResponseFailed {
        attempt: u32,
        code: FailureCode,
        detail: Personal<String>,
        answer: Personal<Answer>,
        usage: Usage,
        /// The calls to models, in order; the last one produced the answer.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        calls: Vec<Call>,
    },
    /// The worker died; the partial answer is kept.
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
        /// The calls to models, in order; the last one produced the answer.
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
