//! Erases one object.

use std::time::Duration;

use domain::{Erasable, Subject};
use eventstore::command::{Context, step};
use eventstore::log::LogError;
use eventstore::{Execution, ExecutorError};
use uuid::Uuid;

use super::JobContext;

/// How long a job waits until the views show what it has written.
pub(super) const VIEW_TIMEOUT: Duration = Duration::from_secs(10);

/// Destroys the key of one object, together with the event that records it. Returns the position of the event.
pub(super) async fn erase_one<A: Erasable>(
    context: &JobContext,
    id: Uuid,
) -> Result<i64, LogError> {
    erase_by::<A>(context, id, A::erasure()).await
}

/// The same with another command, which may be refused: then the position is 0.
pub(super) async fn erase_by<A: Erasable>(
    context: &JobContext,
    id: Uuid,
    command: A::Command,
) -> Result<i64, LogError> {
    let subject = Subject::new(A::TYPE, id);
    let steps = vec![step::<A>(id, None, command)];
    let execution =
        Execution::new(Context::worker("erasure", None), steps).with_key_destruction(&subject);
    let result = context.executor.execute(execution).await;
    match result {
        Ok(committed) => Ok(committed.position),
        // Deleted by somebody else in the meantime.
        Err(ExecutorError::Refused(_)) => Ok(0),
        Err(error) => {
            tracing::warn!(subject = subject.as_str(), %error, "failed to erase an object; it will be retried");
            Err(retry_later())
        }
    }
}

/// Ends the job with a transient error, so that it is retried.
pub(crate) fn retry_later() -> LogError {
    LogError::Database(sqlx::Error::PoolTimedOut)
}
