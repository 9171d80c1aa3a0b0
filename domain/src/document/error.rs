//! Refusals of a document.

use crate::file::FileError;
use crate::refusal::refusals;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    #[error("there is no such document")]
    NotFound,
    #[error("this document exists already")]
    AlreadyAdded,
    #[error("{0}")]
    Name(FileError),
    #[error("this document waits to be processed, or is being processed")]
    InProcess,
    #[error("this document was replaced meanwhile; read it again")]
    OtherFile,
    #[error("another worker has taken this document over")]
    OtherAttempt,
    #[error("this document is not being processed")]
    NotInProcess,
}

refusals!(DocumentError {
    NotFound => "not_found", NotFound;
    AlreadyAdded => "already_added", Conflict;
    Name => "invalid_name", Invalid, "/file";
    InProcess => "in_process", Conflict;
    OtherFile => "other_file", Conflict;
    OtherAttempt => "other_attempt", Conflict;
    NotInProcess => "not_in_process", Conflict;
});
