//! An assistant as readers see it.

use chrono::{DateTime, Utc};
use domain::assistant::{Status, Visibility};
use sqlx::types::Text;
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
    pub visibility: Text<Visibility>,
    pub status: Text<Status>,
    pub assistant_version: i32,
    pub is_default: bool,
    pub knowledge_base_ids: Vec<Uuid>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl AssistantView {
    /// Whether a user can use it. Owners can use drafts as well, others only active assistants.
    pub fn is_usable_by(&self, user_id: Uuid) -> bool {
        self.owner_id == Some(user_id) || *self.status == Status::Active
    }
}

/// A checked query of assistants: its columns, followed by the rest of the statement.
macro_rules! select_assistants {
    ($rest:literal $($arguments:tt)*) => {
        sqlx::query_as!(
            crate::assistant::AssistantView,
            r#"select id, version, owner_id, name, description, instructions, model, temperature, max_output_tokens,
                      visibility as "visibility: _", status as "status: _", assistant_version, is_default,
                      knowledge_base_ids, created_at, updated_at "#
                + $rest
                $($arguments)*
        )
    };
}

pub(super) use select_assistants;
