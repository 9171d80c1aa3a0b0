//! A document as readers see one.

use chrono::{DateTime, Utc};
use domain::document::Omission;
use sqlx::types::Json;
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentView {
    pub id: Uuid,
    pub version: i64,
    pub knowledge_base_id: Uuid,
    pub added_by: Uuid,
    pub file_id: Uuid,
    pub name: String,
    pub media_type: String,
    pub size: i64,
    pub status: String,
    pub attempt: i32,
    pub pages: Option<i32>,
    pub passages: i32,
    pub characters: i64,
    pub error_code: Option<String>,
    pub error_detail: Option<String>,
    /// What the document holds and its passages do not.
    pub left_out: Json<Vec<Omission>>,
    /// The model whose vectors all passages have.
    pub embedding_model: Option<String>,
    /// Why the model could not embed them, where it could not.
    pub embedding_error: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A document that waits for a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingDocument {
    pub id: Uuid,
    pub knowledge_base_id: Uuid,
    pub file_id: Uuid,
    pub name: String,
    pub media_type: String,
    pub attempt: i32,
}
