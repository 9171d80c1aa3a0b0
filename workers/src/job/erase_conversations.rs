//! Erases conversations for their owner, with the files that nothing else uses.

use std::sync::atomic::{AtomicI64, Ordering};

use domain::conversation::{Conversation, EraseTrashedConversation};
use eventstore::log::LogError;
use projections::conversation::queries as conversations;
use projections::file::queries as files;
use projections::job::work::JobOutcome;
use serde_json::json;
use uuid::Uuid;

use super::JobContext;
use super::erase_knowledge::erase_unused_file;
use super::erase_object::{VIEW_TIMEOUT, erase_by, retry_later};

/// Deletes the files of a conversation that was erased when this job was requested. Can be interrupted and repeated.
pub(super) async fn delete_files_of(
    context: &JobContext,
    conversation: Uuid,
) -> Result<JobOutcome, LogError> {
    wait_for_views(context).await?;
    let deleted = delete_files(context, conversation).await?;
    Ok(JobOutcome::Completed(json!({ "files": deleted })))
}

/// Erases the conversations that are in a user's trash. Can be interrupted and repeated, except that the files of the
/// conversation at which it was interrupted stay, as do files that two of the conversations share.
pub(super) async fn empty_trash(
    context: &JobContext,
    owner: Uuid,
    done: &AtomicI64,
) -> Result<JobOutcome, LogError> {
    let pool = &context.source.pool;
    let (mut erased, mut deleted) = (0, 0);
    loop {
        wait_for_views(context).await?;
        let trashed = conversations::list_trashed(pool, owner).await?;
        if trashed.is_empty() {
            let result = json!({ "conversations": erased, "files": deleted });
            return Ok(JobOutcome::Completed(result));
        }
        for id in trashed {
            let erase = EraseTrashedConversation { actor: owner };
            if erase_by::<Conversation>(context, id, erase.into()).await? > 0 {
                erased += 1;
                done.fetch_add(1, Ordering::Relaxed);
                deleted += delete_files(context, id).await?;
            }
        }
    }
}

/// Deletes the files that only this conversation has; returns their number.
async fn delete_files(context: &JobContext, conversation: Uuid) -> Result<u64, LogError> {
    let mut deleted = 0;
    for file in files::find_only_in_conversation(&context.source.pool, conversation).await? {
        deleted += u64::from(erase_unused_file(context, &file).await? > 0);
    }
    Ok(deleted)
}

/// Waits until the views show everything that is in the log now.
async fn wait_for_views(context: &JobContext) -> Result<(), LogError> {
    let head = context.source.log.head(&context.source.pool).await?.0;
    match context.progress.wait_for(head, VIEW_TIMEOUT).await? < head {
        true => Err(retry_later()),
        false => Ok(()),
    }
}
