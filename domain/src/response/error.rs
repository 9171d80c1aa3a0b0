//! Why a response command is refused.

use crate::refusal::refusals;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResponseError {
    #[error("there is no such response")]
    NotFound,
    #[error("this response already exists")]
    AlreadyRequested,
    #[error("the response has ended")]
    Ended,
    #[error("another worker has taken over this response")]
    StaleAttempt,
    #[error("cancellation has already been requested")]
    CancellationRequested,
}

refusals!(ResponseError {
    NotFound => "not_found", NotFound;
    AlreadyRequested => "already_requested", Conflict;
    Ended => "response_ended", Conflict;
    StaleAttempt => "other_attempt", Conflict;
    CancellationRequested => "cancellation_requested", Conflict;
});
