//! Repeats erasures that were made after the restored backup: the keys are destroyed already, and the log has to record
//! it.

use domain::document::Document;
use domain::user::EraseUser;
use domain::{Ending, EndingVisitor, Erasable};
use eventstore::Execution;
use eventstore::command::{Context, step};
use eventstore::log::LogError;
use eventstore::seal::erasure;
use futures_util::future::BoxFuture;
use projections::document::queries as documents;
use projections::file::{document_claim, queries as files};
use projections::job::work::JobOutcome;
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
    match ending {
        Ending::User => return erase_user(context, id).await,
        Ending::File => return erase_stored_file(context, id).await,
        Ending::Document => return erase_document(context, id).await,
        Ending::Knowledge => {
            erase_documents(context, id).await?;
        }
        // Nothing is stored beside the object.
        _ => {}
    }
    ending.visit(EraseOne { context, id }).await?;
    Ok(())
}

/// Erases an object of any type.
struct EraseOne<'a> {
    context: &'a JobContext,
    id: Uuid,
}

impl<'a> EndingVisitor for EraseOne<'a> {
    type Output = BoxFuture<'a, Result<i64, LogError>>;

    fn visit<A: Erasable>(self) -> Self::Output {
        Box::pin(erase_one::<A>(self.context, self.id))
    }
}

async fn erase_stored_file(context: &JobContext, id: Uuid) -> Result<(), LogError> {
    for file in files::find_many(&context.source.pool, &[id]).await? {
        erase_file(context, &file).await?;
    }
    Ok(())
}

async fn erase_document(context: &JobContext, id: Uuid) -> Result<(), LogError> {
    let pool = &context.source.pool;
    let place = documents::find_source(pool, id).await?;
    erase_one::<Document>(context, id).await?;
    if let Some((base, file)) = place {
        document_claim::release(pool, &context.source.keys, base, file).await?;
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
