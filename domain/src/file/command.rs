//! What may be asked of a file.

use uuid::Uuid;

use super::values::MediaType;
use crate::user::Role;

/// A file whose bytes lie in the store already, sealed under `content_key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    pub id: Uuid,
    pub owner_id: Uuid,
    /// The owner's.
    pub role: Role,
    pub name: String,
    pub media_type: MediaType,
    pub size: u64,
    /// In hex.
    pub sha256: String,
    /// In base64url.
    pub content_key: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileCommand {
    UploadFile(NewFile),
    DeleteFile { actor: Uuid },
}
