//! Erases what belongs to a deleted knowledge base: the keys of its documents, and files that nothing else uses. The
//! views no longer contain it, so this reads the log.

use std::collections::BTreeSet;

use domain::document::{Document, DocumentEvent};
use domain::file::File;
use domain::{Erasable, Event};
use eventstore::command::{Context, step};
use eventstore::log::{self, LogError};
use eventstore::{Execution, ExecutorError};
use projections::file::{
    FileView, IN_USE, document_claim, queries as files, with_deletion, with_deletion_unless_used,
};
use projections::job::work::JobOutcome;
use serde_json::json;
use uuid::Uuid;

use super::JobContext;
use super::erase_object::{VIEW_TIMEOUT, erase_one, retry_later};

const PAGE: i64 = 500;

/// Erases the documents of a deleted knowledge base. Can be interrupted and repeated.
pub(super) async fn erase_knowledge_base(
    context: &JobContext,
    id: Uuid,
) -> Result<JobOutcome, LogError> {
    let documents = erase_documents(context, id).await?;
    Ok(JobOutcome::Completed(json!({ "documents": documents })))
}

/// Returns the number of documents.
pub(super) async fn erase_documents(context: &JobContext, base: Uuid) -> Result<u64, LogError> {
    let source = &context.source;
    let mut after = 0;
    let (mut documents, mut used) = (Vec::new(), BTreeSet::new());
    loop {
        let rows = log::read_scope(&source.pool, &base.to_string(), after, PAGE).await?;
        let Some(last) = rows.last() else {
            break;
        };
        after = last.position;
        let (events, _) = log::open_supported(&source.log, &source.keys, rows).await?;
        for event in events {
            match event.event {
                Event::Document(DocumentEvent::DocumentAdded { file_id, .. }) => {
                    used.insert(file_id);
                    documents.push(event.aggregate_id);
                }
                Event::Document(DocumentEvent::DocumentReplaced { file_id, .. }) => {
                    used.insert(file_id);
                }
                _ => {}
            }
        }
    }
    let mut position = 0;
    for id in &documents {
        position = position.max(erase_one::<Document>(context, *id).await?);
    }
    release_claims(context, base, &used).await?;
    if context.progress.wait_for(position, VIEW_TIMEOUT).await? < position {
        return Err(retry_later());
    }
    let used: Vec<Uuid> = used.into_iter().collect();
    for file in files::find_many(&source.pool, &used).await? {
        if !files::is_used_elsewhere(&source.pool, file.id, Uuid::nil()).await? {
            erase_unused_file(context, &file).await?;
        }
    }
    Ok(documents.len() as u64)
}

/// Releases the claims of a knowledge base's documents on their files.
async fn release_claims(
    context: &JobContext,
    base: Uuid,
    files: &BTreeSet<Uuid>,
) -> Result<(), LogError> {
    for file in files {
        document_claim::release(&context.source.pool, &context.source.keys, base, *file).await?;
    }
    Ok(())
}

/// Deletes a file with its key, its contents and its share of the owner's quota. Returns the position after which the
/// views show it.
pub(super) async fn erase_file(context: &JobContext, file: &FileView) -> Result<i64, LogError> {
    delete_file(context, file, with_deletion).await
}

/// The same, unless a document uses the file; then the position is 0.
pub(super) async fn erase_unused_file(
    context: &JobContext,
    file: &FileView,
) -> Result<i64, LogError> {
    delete_file(context, file, with_deletion_unless_used).await
}

async fn delete_file(
    context: &JobContext,
    file: &FileView,
    with_deletion: fn(Execution, &FileView) -> Execution,
) -> Result<i64, LogError> {
    let steps = vec![step::<File>(file.id, None, File::erasure())];
    let execution = Execution::new(Context::worker("erasure", None), steps);
    let execution = with_deletion(execution, file);
    let result = context.executor.execute(execution).await;
    let id = file.id;
    if matches!(result, Err(ExecutorError::WriteRefused(IN_USE))) {
        return Ok(0);
    }
    let position = match result {
        Ok(committed) => committed.position,
        // Deleted by somebody else in the meantime.
        Err(ExecutorError::Refused(_)) => 0,
        Err(error) => {
            tracing::warn!(file = %id, %error, "failed to erase a file; it will be retried");
            return Err(retry_later());
        }
    };
    match context.files.remove(id).await {
        Ok(()) => Ok(position),
        Err(error) => {
            tracing::warn!(file = %id, %error, "failed to delete the contents of a file; it will be retried");
            Err(retry_later())
        }
    }
}
