//! A run as readers see one.

use chrono::{DateTime, Utc};
use domain::response::{Call, ResponseEvent};
use uuid::Uuid;

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
    /// Tokens that the model takes for which it was asked, where its provider has told.
    pub context_window: Option<i32>,
    pub status: String,
    pub attempt: i32,
    pub cancelling: bool,
    pub finish_reason: Option<String>,
    pub input_tokens: Option<i64>,
    pub output_tokens: Option<i64>,
    /// In millionths of the currency of the prices; none where no model that was asked has a price.
    pub cost: Option<i64>,
    /// The models that were asked, as JSON; empty before the end.
    pub calls: Option<String>,
    pub error_code: Option<String>,
    pub error_detail: Option<String>,
    pub requested_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
}

impl ResponseView {
    /// The run was begun, unless the row knows more already.
    pub fn start(&mut self, attempt: u32, at: DateTime<Utc>) {
        let attempt = i32::try_from(attempt).unwrap_or(i32::MAX);
        if self.ended_at.is_none() && self.attempt < attempt {
            "running".clone_into(&mut self.status);
            self.attempt = attempt;
            self.started_at = Some(at);
        }
    }

    /// The models that were asked: the last one gave the answer.
    pub(crate) fn record_calls(&mut self, calls: &[Call]) {
        let Some(last) = calls.last() else {
            return;
        };
        self.model.clone_from(&last.model);
        let costs: Vec<u64> = calls.iter().filter_map(|call| call.cost).collect();
        let cost = i64::try_from(costs.iter().sum::<u64>()).unwrap_or(i64::MAX);
        self.cost = (!costs.is_empty()).then_some(cost);
        self.calls = Some(serde_json::json!(calls).to_string());
    }

    /// The run that an event asks for.
    pub fn from_request(id: Uuid, at: DateTime<Utc>, event: &ResponseEvent) -> Option<Self> {
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
            assistant_version: i32::try_from(*assistant_version).unwrap_or(i32::MAX),
            model: model.clone(),
            context_window: context_window.and_then(|tokens| i32::try_from(tokens).ok()),
            status: "queued".to_owned(),
            attempt: 0,
            cancelling: false,
            finish_reason: None,
            input_tokens: None,
            output_tokens: None,
            cost: None,
            calls: None,
            error_code: None,
            error_detail: None,
            requested_at: at,
            started_at: None,
            ended_at: None,
        })
    }
}
