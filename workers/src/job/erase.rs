//! What remains to be done when a user was erased: the keys of everything that goes with its owner.
//!
//! Assistants that the owner has shared with everyone stay: others work with them.

use std::time::Duration;

use domain::Subject;
use domain::assistant::{Assistant, AssistantCommand, Editor};
use domain::conversation::{Conversation, ConversationCommand};
use domain::user::Role;
use eventstore::executor::{Context, Step, step};
use eventstore::log::LogError;
use eventstore::{Execution, ExecutorError, erasure};
use projections::assistant::queries as assistants;
use projections::conversation::queries as conversations;
use projections::job::work::Ended;
use serde_json::json;
use uuid::Uuid;

use super::Work;

/// A session that was ended may be believed for a second: what is begun within it is found by a second look.
const BELIEVED: Duration = Duration::from_secs(2);
const VIEWS: Duration = Duration::from_secs(10);

/// What was erased so far.
#[derive(Debug, Default)]
struct Erased {
    conversations: u64,
    assistants: u64,
}

/// Erases everything that a user owns. Safe to be broken off and begun anew.
pub(super) async fn erase_user(work: &Work, user_id: Uuid) -> Result<Ended, LogError> {
    let mut erased = Erased::default();
    everything(work, user_id, &mut erased).await?;
    tokio::time::sleep(BELIEVED).await;
    everything(work, user_id, &mut erased).await?;
    Ok(Ended::Completed(json!({
        "conversations": erased.conversations, "assistants": erased.assistants,
    })))
}

async fn everything(work: &Work, user_id: Uuid, erased: &mut Erased) -> Result<(), LogError> {
    let pool = &work.source.pool;
    let mut reached = work.source.log.head(pool).await?.0;
    loop {
        if work.progress.reach(reached, VIEWS).await? < reached {
            return Err(later());
        }
        let own_conversations = conversations::readable_of(pool, user_id).await?;
        let own_assistants = assistants::private_of(pool, user_id).await?;
        if own_conversations.is_empty() && own_assistants.is_empty() {
            return Ok(());
        }
        erased.conversations += own_conversations.len() as u64;
        erased.assistants += own_assistants.len() as u64;
        for id in own_conversations {
            let erase = ConversationCommand::EraseConversation {};
            let step = step::<Conversation>(id, None, erase);
            reached = reached.max(erase_one(work, Subject::new("conversation", id), step).await?);
        }
        for id in own_assistants {
            let editor = Editor {
                user_id,
                role: Role::User,
            };
            let step = step::<Assistant>(id, None, AssistantCommand::DeleteAssistant { editor });
            reached = reached.max(erase_one(work, Subject::new("assistant", id), step).await?);
        }
    }
}

/// Destroys the key of one thing with the event that tells of it.
async fn erase_one(work: &Work, subject: Subject, step: Box<dyn Step>) -> Result<i64, LogError> {
    let destroyed = subject.as_str().to_owned();
    let execution =
        Execution::new(Context::worker("erasure", None), vec![step]).also(move |connection| {
            let subjects = vec![destroyed.clone()];
            Box::pin(async move { Ok(erasure::destroy_keys(connection, &subjects).await?) })
        });
    let result = work.executor.execute(execution).await;
    work.source.keys.forget(&subject);
    match result {
        Ok(committed) => Ok(committed.position),
        // Deleted by somebody else meanwhile.
        Err(ExecutorError::Refused(_)) => Ok(0),
        Err(error) => {
            tracing::warn!(subject = subject.as_str(), %error, "it was not erased; it is tried again");
            Err(later())
        }
    }
}

/// The job is begun anew when things are better.
fn later() -> LogError {
    LogError::Database(sqlx::Error::PoolTimedOut)
}
