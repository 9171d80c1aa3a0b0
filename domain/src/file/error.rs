//! Why a file command is refused.

use crate::refusal::refusals;
use crate::text::TextError;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    #[error("there is no such file")]
    NotFound,
    #[error("this file already exists")]
    AlreadyUploaded,
    #[error("guests cannot upload files")]
    GuestsCannotCreate,
    #[error("the file's name {0}")]
    Name(TextError),
}

refusals!(FileError {
    NotFound => "not_found", NotFound;
    AlreadyUploaded => "already_uploaded", Conflict;
    GuestsCannotCreate => "guests_create_nothing", Forbidden;
    Name => "invalid_name", Invalid, "/file";
});
