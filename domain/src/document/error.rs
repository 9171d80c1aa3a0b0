//! Why a document command is refused.

use crate::file::FileError;
use crate::refusal::refusals;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    #[error("there is no such document")]
    NotFound,
    #[error("this document already exists")]
    AlreadyAdded,
    #[error("{0}")]
    Name(FileError),
    #[error("this document is waiting to be processed or is being processed; try again later")]
    Processing,
    #[error("this document has been replaced in the meantime; reload it")]
    StaleFile,
    #[error("another worker has taken over this document")]
    StaleAttempt,
    #[error("this document is not being processed")]
    NotProcessing,
}

refusals!(DocumentError {
    NotFound => "not_found", NotFound;
    AlreadyAdded => "already_added", Conflict;
    Name => "invalid_name", Invalid, "/file";
    Processing => "in_process", Conflict;
    StaleFile => "other_file", Conflict;
    StaleAttempt => "other_attempt", Conflict;
    NotProcessing => "not_in_process", Conflict;
});
