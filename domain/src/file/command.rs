//! Commands of a file.

use uuid::Uuid;

use super::values::MediaType;
use crate::user::Role;

/// A file whose bytes are already in the store, sealed with `content_key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    pub id: Uuid,
    pub owner_id: Uuid,
    /// The owner's role.
    pub role: Role,
    pub name: String,
    pub media_type: MediaType,
    pub size: u64,
    /// Hexadecimal.
    pub sha256: String,
    /// Base64url.
    pub content_key: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileCommand {
    UploadFile(NewFile),
    DeleteFile { actor: Uuid },
}
