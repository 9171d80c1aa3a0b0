//! What is answered about files.

use chrono::{DateTime, Utc};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object};
use projections::file::FileView;
use uuid::Uuid;

/// A file that somebody has uploaded.
#[derive(Debug, Object)]
#[oai(rename = "File")]
pub struct FileResource {
    pub id: Uuid,
    pub version: i64,
    pub name: String,
    /// What its first bytes tell, such as `application/pdf`.
    pub media_type: String,
    /// In bytes.
    pub size: i64,
    /// The digest of its bytes, in hex.
    pub sha256: String,
    pub created_at: DateTime<Utc>,
    /// Why nothing could be read of it when a message that carries it was answered; null where it was read, or not yet.
    /// Told where the file is read by itself.
    pub unread_reason: Option<String>,
}

impl From<FileView> for FileResource {
    fn from(view: FileView) -> Self {
        Self {
            id: view.id,
            version: view.version,
            name: view.name,
            media_type: view.media_type,
            size: view.size,
            sha256: view.sha256,
            created_at: view.created_at,
            unread_reason: None,
        }
    }
}

/// A file that was uploaded, now or before.
#[derive(ApiResponse)]
pub enum Uploaded {
    /// The caller has these bytes already.
    #[oai(status = 200)]
    Known(
        Json<FileResource>,
        /// Where it can be read.
        #[oai(header = "Location")]
        String,
        /// The position at which it was read.
        #[oai(header = "ConvoSphere-Position")]
        String,
    ),
    #[oai(status = 201)]
    Created(
        Json<FileResource>,
        /// Where it can be read.
        #[oai(header = "Location")]
        String,
        /// The position at which it was written.
        #[oai(header = "ConvoSphere-Position")]
        String,
    ),
}

impl Uploaded {
    pub fn new(file: FileView, made: bool, position: i64) -> Self {
        let location = format!("/api/v1/files/{}", file.id);
        let (file, position) = (Json(file.into()), position.to_string());
        match made {
            true => Self::Created(file, location, position),
            false => Self::Known(file, location, position),
        }
    }
}
