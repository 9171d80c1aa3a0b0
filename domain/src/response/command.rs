//! Commands of a run.

use uuid::Uuid;

use super::values::{Answer, Call, FailureCode, FinishReason, Usage};

#[derive(Debug, Clone, PartialEq)]
pub enum ResponseCommand {
    RequestResponse {
        conversation_id: Uuid,
        prompt_message_id: Uuid,
        message_id: Uuid,
        requested_by: Uuid,
        assistant_id: Uuid,
        assistant_version: u32,
        model: String,
        /// The model's context window in tokens, if its provider reports it.
        context_window: Option<u32>,
    },
    /// A worker starts; `attempt` is one more than the last one.
    StartResponse {
        attempt: u32,
        /// The passages in the prompt.
        passages: Vec<Uuid>,
    },
    /// A worker ends its attempt.
    EndResponse {
        attempt: u32,
        outcome: Outcome,
        /// The calls to models during the attempt.
        calls: Vec<Call>,
    },
    CancelResponse {
        by: Uuid,
    },
}

/// How a run ends.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Completed {
        answer: Answer,
        finish_reason: FinishReason,
        usage: Usage,
    },
    Failed {
        code: FailureCode,
        detail: String,
        answer: Answer,
        usage: Usage,
    },
    Interrupted {
        answer: Answer,
    },
    Cancelled {
        answer: Answer,
        usage: Usage,
    },
}
