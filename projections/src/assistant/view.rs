//! An assistant as readers see one.

use chrono::{DateTime, Utc};
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq)]
pub struct AssistantView {
    pub id: Uuid,
    pub version: i64,
    pub owner_id: Option<Uuid>,
    pub name: String,
    pub description: String,
    pub instructions: String,
    pub model: Option<String>,
    pub temperature: Option<f64>,
    pub max_output_tokens: Option<i32>,
    pub visibility: String,
    pub status: String,
    pub assistant_version: i32,
    pub is_default: bool,
    pub knowledge_base_ids: Vec<Uuid>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl AssistantView {
    /// Whether a user may use it: owners also a draft, others what is active.
    pub fn is_usable_by(&self, user_id: Uuid) -> bool {
        self.owner_id == Some(user_id) || self.status == "active"
    }
}
