//! Commands of a file.

use uuid::Uuid;

use super::values::{MediaType, file_name};
use super::{File, FileError, FileEvent};
use crate::command::{Command, Decision, commands};
use crate::personal::{Personal, Subject};
use crate::user::Role;

commands! {
    FileCommand for File { UploadFile, DeleteFile }
}

/// Adds a file whose bytes are already in the store, sealed with `content_key`.
#[derive(Debug, Clone, PartialEq)]
pub struct UploadFile {
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

impl Command<File> for UploadFile {
    fn decide(self, state: &File) -> Decision<File> {
        if state.owner_id.is_some() {
            return Err(FileError::AlreadyUploaded);
        }
        if self.role == Role::Guest {
            return Err(FileError::GuestsCannotCreate);
        }
        // Destroying the key of the file or of its owner makes the file unreadable.
        let subjects = || {
            [
                Subject::new("file", self.id),
                Subject::new("user", self.owner_id),
            ]
        };
        let seal = |value: String| Personal::new(subjects(), value);
        Ok(vec![FileEvent::FileUploaded {
            owner_id: self.owner_id,
            name: seal(file_name(&self.name)?),
            media_type: self.media_type,
            size: self.size,
            sha256: seal(self.sha256),
            content_key: seal(self.content_key),
        }])
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct DeleteFile {
    /// The user who deletes it; `None` is the installation.
    pub actor: Option<Uuid>,
}

impl Command<File> for DeleteFile {
    fn decide(self, state: &File) -> Decision<File> {
        match state.owner_id {
            Some(owner) if !state.deleted && self.actor.is_none_or(|actor| actor == owner) => {
                Ok(vec![FileEvent::FileDeleted {}])
            }
            _ => Err(FileError::NotFound),
        }
    }
}
