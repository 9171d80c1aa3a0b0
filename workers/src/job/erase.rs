//! What remains to be done when a user was erased: the keys of everything that goes with its owner.

use std::time::Duration;

use domain::Subject;
use domain::conversation::{Conversation, ConversationCommand};
use eventstore::executor::{Context, step};
use eventstore::log::LogError;
use eventstore::{Execution, ExecutorError, erasure};
use projections::conversation::queries;
use serde_json::json;
use uuid::Uuid;

use super::Work;
use projections::job::work::Ended;

/// A session that was ended may be believed for a second: what is begun within it is found by a second look.
const BELIEVED: Duration = Duration::from_secs(2);
const VIEWS: Duration = Duration::from_secs(10);

/// Erases everything that a user owns. Safe to be broken off and begun anew.
pub(super) async fn erase_user(work: &Work, user_id: Uuid) -> Result<Ended, LogError> {
    let mut erased = everything(work, user_id).await?;
    tokio::time::sleep(BELIEVED).await;
    erased += everything(work, user_id).await?;
    Ok(Ended::Completed(json!({"conversations": erased})))
}

async fn everything(work: &Work, user_id: Uuid) -> Result<u64, LogError> {
    let mut erased = 0;
    let mut reached = work.source.log.head(&work.source.pool).await?.0;
    loop {
        if work.progress.reach(reached, VIEWS).await? < reached {
            // Begun anew when the views are there.
            return Err(LogError::Database(sqlx::Error::PoolTimedOut));
        }
        let ids = queries::readable_of(&work.source.pool, user_id).await?;
        if ids.is_empty() {
            return Ok(erased);
        }
        for id in ids {
            match erase_conversation(work, id).await {
                Ok(position) => reached = position.max(reached),
                Err(error) => {
                    tracing::warn!(conversation = %id, %error, "a conversation was not erased; it is tried again");
                    return Err(LogError::Database(sqlx::Error::PoolTimedOut));
                }
            }
            erased += 1;
        }
    }
}

async fn erase_conversation(work: &Work, id: Uuid) -> Result<i64, ExecutorError> {
    let subject = Subject::new("conversation", id);
    let destroyed = subject.as_str().to_owned();
    let steps = vec![step::<Conversation>(
        id,
        None,
        ConversationCommand::EraseConversation {},
    )];
    let execution =
        Execution::new(Context::worker("erasure", None), steps).also(move |connection| {
            let subjects = vec![destroyed.clone()];
            Box::pin(async move { Ok(erasure::destroy_keys(connection, &subjects).await?) })
        });
    let committed = work.executor.execute(execution).await?;
    work.source.keys.forget(&subject);
    Ok(committed.position)
}
