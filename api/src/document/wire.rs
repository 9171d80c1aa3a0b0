//! Response bodies of documents and their passages.

use chrono::{DateTime, Utc};
use domain::document::Omission;
use o2o::o2o;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Enum, Object};
use projections::document::{DocumentStatus, DocumentView, PassageView};
use uuid::Uuid;

use crate::http::resource;

/// A document of a knowledge base.
#[derive(Debug, Object)]
#[oai(rename = "Document")]
pub struct DocumentResource {
    pub id: Uuid,
    pub version: i64,
    pub knowledge_base_id: Uuid,
    pub added_by: Uuid,
    pub name: String,
    pub media_type: String,
    /// Size in bytes.
    pub size: i64,
    pub status: DocumentProgress,
    /// How often processing was started.
    pub attempt: i32,
    /// Number of pages, slides or sheets, if the format has them.
    pub pages: Option<i32>,
    pub chunks: i32,
    pub characters: i64,
    /// Why processing failed, if it did.
    pub error: Option<DocumentFailure>,
    /// Parts of the document that its chunks do not contain, such as unreadable pages.
    pub left_out: Vec<LeftOutResource>,
    /// The embedding model, once all chunks have a vector of it; null if no model is configured.
    pub embedding_model: Option<String>,
    /// Why embedding failed, if it did. It is retried; meanwhile, keyword search finds the chunks.
    pub embedding_error: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

resource!(DocumentResource, DocumentView, "/api/v1/documents");

/// Whether a document can be searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(
    rename = "DocumentStatus",
    rename_all = "snake_case",
    remote = "DocumentStatus"
)]
pub enum DocumentProgress {
    Queued,
    Processing,
    Ready,
    Failed,
}

/// Why a document could not be processed.
#[derive(Debug, Object)]
pub struct DocumentFailure {
    /// `unsupported_type`, `unreadable`, `encrypted`, `no_text`, `too_large`, `timeout`, `file_missing` or `internal`.
    pub code: String,
    pub detail: String,
}

/// A part of a document that was not read.
#[derive(Debug, Object, o2o)]
#[from_owned(Omission)]
#[oai(rename = "LeftOut")]
pub struct LeftOutResource {
    /// `unreadable_page`, `incomplete_page`, `page_without_text`, `embedded_file`, `hidden_sheet`, `hidden_cells`,
    /// `unknown_characters`, `struck_text` or `hidden_text`.
    #[from(~.to_string())]
    pub kind: String,
    /// The page, slide or sheet, from 1; null if it concerns the whole document.
    pub page: Option<u32>,
    /// Number of occurrences, if they can be counted. In a long list, the last entry of a kind counts all the others.
    pub count: Option<u32>,
}

impl From<DocumentView> for DocumentResource {
    fn from(view: DocumentView) -> Self {
        let detail = view.error_detail.unwrap_or_default();
        Self {
            id: view.id,
            version: view.version,
            knowledge_base_id: view.knowledge_base_id,
            added_by: view.added_by,
            name: view.name,
            media_type: view.media_type,
            size: view.size,
            status: view.status.0.into(),
            attempt: view.attempt,
            pages: view.pages,
            chunks: view.passages,
            characters: view.characters,
            left_out: view.left_out.0.into_iter().map(Into::into).collect(),
            embedding_model: view.embedding_model,
            embedding_error: view.embedding_error,
            error: view.error_code.map(|code| DocumentFailure {
                code: code.to_string(),
                detail,
            }),
            created_at: view.created_at,
            updated_at: view.updated_at,
        }
    }
}

/// A passage of a document, which searches find and answers cite.
#[derive(Debug, Object, o2o)]
#[from_owned(PassageView)]
#[oai(rename = "Chunk")]
pub(crate) struct ChunkResource {
    pub id: Uuid,
    /// Its position in the document, from 0.
    pub number: i32,
    pub text: String,
    /// The headings above it, the outermost first.
    pub headings: Vec<String>,
    /// The page, slide or sheet on which it starts, from 1.
    pub page: Option<i32>,
    /// The name of that page, such as the name of a sheet.
    pub page_name: Option<String>,
}

/// A document that is queued for processing.
#[derive(ApiResponse)]
pub enum Processing {
    #[oai(status = 202)]
    Accepted(
        Json<DocumentResource>,
        /// The path of the document.
        #[oai(header = "Location")]
        String,
        /// The log position of the write.
        #[oai(header = "ConvoSphere-Position")]
        String,
    ),
}

impl Processing {
    pub fn new(view: DocumentView, position: i64) -> Self {
        let location = format!("/api/v1/documents/{}", view.id);
        Self::Accepted(Json(view.into()), location, position.to_string())
    }
}
