//! Conversations and messages as readers see them.

use chrono::{DateTime, Utc};
use domain::response::Answer;
use sqlx::types::Json;
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationView {
    pub id: Uuid,
    pub version: i64,
    pub owner_id: Uuid,
    pub title: Option<String>,
    pub assistant_id: Uuid,
    pub model: Option<String>,
    pub pinned: bool,
    pub archived: bool,
    pub trashed: bool,
    pub leaf_id: Option<Uuid>,
    /// The last message that the owner has read.
    pub last_read_message_id: Option<Uuid>,
    pub message_count: i64,
    /// The product from whose export it was imported.
    pub imported_from: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct MessageView {
    pub id: Uuid,
    pub conversation_id: Uuid,
    pub parent_id: Option<Uuid>,
    pub sibling_ids: Vec<Uuid>,
    pub role: String,
    pub user_id: Option<Uuid>,
    pub response_id: Option<Uuid>,
    pub content: String,
    pub attachments: Vec<Uuid>,
    /// Parts and citations of an answer that has ended.
    pub answer: Option<Json<Answer>>,
    pub status: String,
    /// The rating by its reader: up or down.
    pub feedback: Option<String>,
    pub created_at: DateTime<Utc>,
}
