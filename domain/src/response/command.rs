//! What may be asked of a run.

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
        /// Tokens that the model takes, where its provider has told.
        context_window: Option<u32>,
    },
    /// A worker begins; `attempt` is one more than the last.
    StartResponse {
        attempt: u32,
        /// The passages that the model is given.
        passages: Vec<Uuid>,
    },
    /// A worker ends what it began.
    EndResponse {
        attempt: u32,
        outcome: Outcome,
        /// The models that it has asked.
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
