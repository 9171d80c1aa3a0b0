//! Writes of a command that erases a user.

use domain::Subject;
use eventstore::Execution;
use uuid::Uuid;

use crate::command_write::CommandWrite;
use crate::job::JobKind;

/// Adds the destruction of the key, the deletion of the address, the password, all sessions and the results of jobs, and
/// the request of the job that erases what the user owns.
pub fn with_erasure(
    execution: Execution,
    user_id: Uuid,
    (job_id, requested_by): (Uuid, Uuid),
) -> Execution {
    execution
        .with_key_destruction(&Subject::new("user", user_id))
        .with_write(CommandWrite::EraseUser { user: user_id })
        .with_write(CommandWrite::RequestJob {
            job: job_id,
            requested_by,
            kind: JobKind::EraseUser(user_id),
        })
}
