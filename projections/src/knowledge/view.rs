//! A knowledge base as readers see it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnowledgeBaseView {
    pub id: Uuid,
    pub version: i64,
    pub owner_id: Uuid,
    pub name: String,
    pub description: String,
    pub tags: Vec<String>,
    pub visibility: String,
    /// The groups that can read it if its visibility is `groups`.
    pub group_ids: Vec<Uuid>,
    pub chunk_tokens: i32,
    pub chunk_overlap: i32,
    pub documents: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}
