//! A document as readers see it.

use chrono::{DateTime, Utc};
use domain::document::{FailureCode, Omission};
use sqlx::types::{Json, Text};
use strum::{Display, EnumString, IntoStaticStr};
use uuid::Uuid;

/// Where the processing of a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum DocumentStatus {
    Queued,
    Processing,
    Ready,
    Failed,
}

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
    pub status: Text<DocumentStatus>,
    pub attempt: i32,
    pub pages: Option<i32>,
    pub passages: i32,
    pub characters: i64,
    pub error_code: Option<Text<FailureCode>>,
    pub error_detail: Option<String>,
    /// Contents of the document that its passages lack.
    pub left_out: Json<Vec<Omission>>,
    /// The model that has embedded all passages.
    pub embedding_model: Option<String>,
    /// Why the model could not embed them, if it failed.
    pub embedding_error: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A document that waits for an ingester.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingDocument {
    pub id: Uuid,
    pub knowledge_base_id: Uuid,
    pub file_id: Uuid,
    pub name: String,
    pub media_type: String,
    pub attempt: i32,
}

/// A checked query of documents `d`: its columns, followed by the rest of the statement.
macro_rules! select_documents {
    ($rest:literal $($arguments:tt)*) => {
        sqlx::query_as!(
            crate::document::DocumentView,
            r#"select d.id, d.version, d.knowledge_base_id, d.added_by, d.file_id, d.name, d.media_type, d.size,
                      d.status as "status: _", d.attempt, d.pages, d.passages, d.characters,
                      d.error_code as "error_code: _", d.error_detail, d.left_out as "left_out: _", d.embedding_model,
                      d.embedding_error, d.created_at, d.updated_at "#
                + $rest
                $($arguments)*
        )
    };
}

pub(super) use select_documents;
