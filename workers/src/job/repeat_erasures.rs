//! Repeats erasures that were made after the restored backup: the keys are destroyed already, and the log has to record
//! it.

use domain::assistant::{DeleteAssistant, Editor};
use domain::conversation::EraseConversation;
use domain::document::DeleteDocument;
use domain::group::DeleteGroup;
use domain::knowledge::DeleteKnowledgeBase;
use domain::user::{EraseUser, Role};
use domain::{Ending, Subject};
use eventstore::Execution;
use eventstore::command::{Context, step};
use eventstore::log::LogError;
use eventstore::seal::erasure;
use projections::assistant::queries as assistants;
use projections::document::queries as documents;
use projections::file::{document_claim, queries as files};
use projections::job::work::JobOutcome;
use projections::knowledge::queries as knowledge;
use projections::user;
use serde_json::json;
use uuid::Uuid;

use super::JobContext;
use super::erase_knowledge::{erase_documents, erase_file};
use super::erase_object::{VIEW_TIMEOUT, erase_one, retry_later};

/// Can be interrupted and repeated.
pub(super) async fn repeat_erasures(context: &JobContext) -> Result<JobOutcome, LogError> {
    let pool = &context.source.pool;
    let head = context.source.log.head(pool).await?.0;
    if context.progress.wait_for(head, VIEW_TIMEOUT).await? < head {
        return Err(retry_later());
    }
    let unrecorded = erasure::find_unrecorded(pool).await?;
    for (ending, id) in &unrecorded {
        repeat_erasure(context, *ending, *id).await?;
    }
    Ok(JobOutcome::Completed(json!({"erased": unrecorded.len()})))
}

async fn repeat_erasure(context: &JobContext, ending: Ending, id: Uuid) -> Result<(), LogError> {
    let pool = &context.source.pool;
    let owned_by = |user_id| Editor {
        user_id,
        role: Role::User,
    };
    match ending {
        Ending::User => erase_user(context, id).await?,
        Ending::Conversation => {
            let step = step(id, None, EraseConversation);
            erase_one(context, Subject::new("conversation", id), step).await?;
        }
        Ending::Document => {
            let place = documents::find_source(pool, id).await?;
            let step = step(id, None, DeleteDocument);
            erase_one(context, Subject::new("document", id), step).await?;
            if let Some((base, file)) = place {
                document_claim::release(pool, &context.source.keys, base, file).await?;
            }
        }
        Ending::File => {
            for file in files::find_many(pool, &[id]).await? {
                erase_file(context, &file).await?;
            }
        }
        Ending::Knowledge => {
            if let Some(owner) = knowledge::owner(pool, id).await? {
                erase_documents(context, id).await?;
                let editor = owned_by(owner);
                let delete = DeleteKnowledgeBase { editor };
                let step = step(id, None, delete);
                erase_one(context, Subject::new("knowledge_base", id), step).await?;
            }
        }
        Ending::Group => {
            let editor = Editor {
                user_id: id,
                role: Role::Admin,
            };
            let step = step(id, None, DeleteGroup { editor });
            erase_one(context, Subject::new("group", id), step).await?;
        }
        Ending::Assistant => {
            if let Some(owner) = assistants::owner(pool, id).await? {
                let editor = owned_by(owner);
                let delete = DeleteAssistant { editor };
                let step = step(id, None, delete);
                erase_one(context, Subject::new("assistant", id), step).await?;
            }
        }
    }
    Ok(())
}

/// The job that follows erases what the user owns.
async fn erase_user(context: &JobContext, id: Uuid) -> Result<(), LogError> {
    let steps = vec![step(id, None, EraseUser)];
    let execution = Execution::new(Context::worker("restore", None), steps);
    let job = (context.executor.clock().new_id(), Uuid::nil());
    match context
        .executor
        .execute(user::with_erasure(execution, id, job))
        .await
    {
        Ok(_) | Err(eventstore::ExecutorError::Refused(_)) => Ok(()),
        Err(error) => {
            tracing::warn!(user = %id, %error, "failed to erase a user; it will be retried");
            Err(retry_later())
        }
    }
}
