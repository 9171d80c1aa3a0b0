//! Refusals of a file.

use crate::refusal::refusals;
use crate::text::TextFault;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    #[error("there is no such file")]
    NotFound,
    #[error("this file exists already")]
    AlreadyUploaded,
    #[error("guests upload nothing")]
    GuestsCreateNothing,
    #[error("the file's name {0}")]
    Name(TextFault),
}

refusals!(FileError {
    NotFound => "not_found", NotFound;
    AlreadyUploaded => "already_uploaded", Conflict;
    GuestsCreateNothing => "guests_create_nothing", Forbidden;
    Name => "invalid_name", Invalid, "/file";
});
