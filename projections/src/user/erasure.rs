//! What goes with a command that erases a user.

use domain::Subject;
use eventstore::{Execution, erasure as keys};
use uuid::Uuid;

use super::{credentials, sessions};
use crate::job::{JobKind, queries as jobs};

/// The key, the address, the password, all sessions, and what jobs of the user have found; and the job that erases what the user owns is asked for.
pub fn with_erasure(
    execution: Execution,
    user_id: Uuid,
    (job_id, requested_by): (Uuid, Uuid),
) -> Execution {
    let execution = execution.with_key_destruction(&Subject::new("user", user_id));
    execution.with_write(move |connection| {
        Box::pin(async move {
            keys::release_claims(connection, &user_id.to_string()).await?;
            credentials::remove(connection, user_id).await?;
            let kind = JobKind::EraseUser(user_id);
            jobs::request(&mut *connection, job_id, requested_by, &kind).await?;
            jobs::clear_results(&mut *connection, user_id).await?;
            Ok(sessions::erase(connection, user_id).await?)
        })
    })
}
