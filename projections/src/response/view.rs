//! A run as readers see it.

use chrono::{DateTime, Utc};
use domain::response::{Call, FailureCode, FinishReason, ResponseEvent, Usage};
use sqlx::types::Text;
use strum::{Display, EnumString, IntoStaticStr};
use uuid::Uuid;

use crate::counts::{to_i32, to_i64};

/// Where a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum ResponseStatus {
    Queued,
    Running,
    Completed,
    Failed,
    /// The worker died.
    Interrupted,
    Cancelled,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseView {
    pub id: Uuid,
    pub conversation_id: Uuid,
    pub prompt_message_id: Uuid,
    pub message_id: Uuid,
    pub requested_by: Uuid,
    pub assistant_id: Uuid,
    pub assistant_version: i32,
    pub model: String,
    /// The context window of the requested model in tokens, if the provider reports it.
    pub context_window: Option<i32>,
    pub status: Text<ResponseStatus>,
    pub attempt: i32,
    pub cancelling: bool,
    pub finish_reason: Option<Text<FinishReason>>,
    pub input_tokens: Option<i64>,
    pub output_tokens: Option<i64>,
    /// In millionths of the currency of the prices; `None` if no model has a price.
    pub cost: Option<i64>,
    /// The model calls as JSON; `None` before the end.
    pub calls: Option<String>,
    pub error_code: Option<Text<FailureCode>>,
    pub error_detail: Option<String>,
    pub requested_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
}

impl ResponseView {
    /// Marks the run as started, unless a later attempt has started or it has ended.
    pub fn start(&mut self, attempt: u32, started_at: DateTime<Utc>) {
        let attempt = to_i32(attempt);
        if self.ended_at.is_none() && self.attempt < attempt {
            self.status = Text(ResponseStatus::Running);
            self.attempt = attempt;
            self.started_at = Some(started_at);
        }
    }

    /// Records the tokens and the model calls of a run that has ended. The last call gave the answer.
    pub(crate) fn record_usage(&mut self, calls: &[Call], usage: Usage) {
        self.input_tokens = Some(to_i64(usage.input_tokens));
        self.output_tokens = Some(to_i64(usage.output_tokens));
        let Some(last) = calls.last() else {
            return;
        };
        self.model.clone_from(&last.model);
        let costs: Vec<u64> = calls.iter().filter_map(|call| call.cost).collect();
        self.cost = (!costs.is_empty()).then(|| to_i64(costs.iter().sum::<u64>()));
        self.calls = Some(serde_json::json!(calls).to_string());
    }

    /// The run that an event requests; `None` for other events.
    pub fn from_request(
        id: Uuid,
        requested_at: DateTime<Utc>,
        event: &ResponseEvent,
    ) -> Option<Self> {
        let ResponseEvent::ResponseRequested {
            conversation_id,
            prompt_message_id,
            message_id,
            requested_by,
            assistant_id,
            assistant_version,
            model,
            context_window,
        } = event
        else {
            return None;
        };
        Some(Self {
            id,
            conversation_id: *conversation_id,
            prompt_message_id: *prompt_message_id,
            message_id: *message_id,
            requested_by: *requested_by,
            assistant_id: *assistant_id,
            assistant_version: to_i32(*assistant_version),
            model: model.clone(),
            context_window: context_window.and_then(|tokens| i32::try_from(tokens).ok()),
            status: Text(ResponseStatus::Queued),
            attempt: 0,
            cancelling: false,
            finish_reason: None,
            input_tokens: None,
            output_tokens: None,
            cost: None,
            calls: None,
            error_code: None,
            error_detail: None,
            requested_at,
            started_at: None,
            ended_at: None,
        })
    }
}

/// A checked query of runs `r`: its columns, followed by the rest of the statement.
macro_rules! select_responses {
    ($rest:literal $($arguments:tt)*) => {
        sqlx::query_as!(
            crate::response::ResponseView,
            r#"select r.id, r.conversation_id, r.prompt_message_id, r.message_id, r.requested_by, r.assistant_id,
                      r.assistant_version, r.model, r.context_window, r.status as "status: _", r.attempt, r.cancelling,
                      r.finish_reason as "finish_reason: _", r.input_tokens, r.output_tokens, r.cost,
                      r.calls::text as calls, r.error_code as "error_code: _", r.error_detail, r.requested_at,
                      r.started_at, r.ended_at "#
                + $rest
                $($arguments)*
        )
    };
}

pub(crate) use select_responses;
