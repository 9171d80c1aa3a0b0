//! Refusals of a run.

use crate::refusal::refusals;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResponseError {
    #[error("there is no such response")]
    NotFound,
    #[error("this response exists already")]
    AlreadyRequested,
    #[error("the response has ended")]
    Ended,
    #[error("another worker has taken this response over")]
    OtherAttempt,
    #[error("cancellation was requested before")]
    CancellationRequested,
}

refusals!(ResponseError {
    NotFound => "not_found", NotFound;
    AlreadyRequested => "already_requested", Conflict;
    Ended => "response_ended", Conflict;
    OtherAttempt => "other_attempt", Conflict;
    CancellationRequested => "cancellation_requested", Conflict;
});
