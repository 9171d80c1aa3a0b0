//! A run as readers see one.

use chrono::{DateTime, Utc};
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
    pub status: String,
    pub attempt: i32,
    pub cancelling: bool,
    pub finish_reason: Option<String>,
    pub input_tokens: Option<i64>,
    pub output_tokens: Option<i64>,
    pub error_code: Option<String>,
    pub error_detail: Option<String>,
    pub requested_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
}
