//! Erases one object.

use std::time::Duration;

use domain::Subject;
use eventstore::command::{Context, Step};
use eventstore::log::LogError;
use eventstore::{Execution, ExecutorError};

use super::JobContext;

/// How long a job waits until the views show what it has written.
pub(super) const VIEW_TIMEOUT: Duration = Duration::from_secs(10);

/// Destroys the key of one object, together with the event that records it.
pub(super) async fn erase_one(
    context: &JobContext,
    subject: Subject,
    step: Box<dyn Step>,
) -> Result<i64, LogError> {
    let execution =
        Execution::new(Context::worker("erasure", None), vec![step]).with_key_destruction(&subject);
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
