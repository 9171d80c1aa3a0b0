//! Response bodies of files.

use chrono::{DateTime, Utc};
use o2o::o2o;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object};
use projections::file::FileView;
use uuid::Uuid;

use crate::http::resource;

/// An uploaded file.
#[derive(Debug, Object, o2o)]
#[from_owned(FileView)]
#[oai(rename = "File")]
pub struct FileResource {
    pub id: Uuid,
    pub version: i64,
    pub name: String,
    /// The type, detected from the content, such as `application/pdf`.
    pub media_type: String,
    /// Size in bytes.
    pub size: i64,
    /// SHA-256 of the content, in hex.
    pub sha256: String,
    pub created_at: DateTime<Utc>,
    /// Why its text could not be read for an answer; null if it was read, or not needed yet. Always null in lists.
    #[ghost({ None })]
    pub unread_reason: Option<String>,
}

resource!(FileResource, FileView, "/api/v1/files");

/// The reply to an upload.
#[derive(ApiResponse)]
pub enum Uploaded {
    /// The caller has uploaded the same file before.
    #[oai(status = 200)]
    Known(
        Json<FileResource>,
        /// The path of the file.
        #[oai(header = "Location")]
        String,
        /// The log position of the read.
        #[oai(header = "ConvoSphere-Position")]
        String,
    ),
    #[oai(status = 201)]
    Created(
        Json<FileResource>,
        /// The path of the file.
        #[oai(header = "Location")]
        String,
        /// The log position of the write.
        #[oai(header = "ConvoSphere-Position")]
        String,
    ),
}

impl Uploaded {
    pub fn new(file: FileView, is_new: bool, position: i64) -> Self {
        let location = format!("/api/v1/files/{}", file.id);
        let (file, position) = (Json(file.into()), position.to_string());
        match is_new {
            true => Self::Created(file, location, position),
            false => Self::Known(file, location, position),
        }
    }
}
