//! What remains to be done when a knowledge base was deleted: the keys of its documents, and files that nothing else
//! is made of. The views know nothing of it any more: the log does.

use std::collections::BTreeSet;

use domain::document::{Document, DocumentCommand, DocumentEvent};
use domain::file::{File, FileCommand};
use domain::{Event, Subject};
use eventstore::executor::{Context, step};
use eventstore::log::{self, LogError};
use eventstore::{Execution, ExecutorError};
use projections::file::{
    FileView, IN_USE, claims, queries as files, with_deletion, with_deletion_unless_used,
};
use projections::job::work::JobOutcome;
use serde_json::json;
use uuid::Uuid;

use super::Work;
use super::erase::{VIEWS, erase_one, later};

const PAGE: i64 = 500;

/// Erases the documents of a deleted knowledge base. Safe to be broken off and begun anew.
pub(super) async fn erase_knowledge_base(work: &Work, id: Uuid) -> Result<JobOutcome, LogError> {
    let documents = erase_documents(work, id).await?;
    Ok(JobOutcome::Completed(json!({ "documents": documents })))
}

/// Tells how many documents it has found.
pub(super) async fn erase_documents(work: &Work, base: Uuid) -> Result<u64, LogError> {
    let source = &work.source;
    let mut after = 0;
    let (mut documents, mut used) = (Vec::new(), BTreeSet::new());
    loop {
        let rows = log::read_scope(&source.pool, &base.to_string(), after, PAGE).await?;
        let Some(last) = rows.last() else {
            break;
        };
        after = last.position;
        let (events, _) = log::open_supported(&source.log, &source.keys, rows).await?;
        for at in events {
            match at.event {
                Event::Document(DocumentEvent::DocumentAdded { file_id, .. }) => {
                    used.insert(file_id);
                    documents.push(at.aggregate_id);
                }
                Event::Document(DocumentEvent::DocumentReplaced { file_id, .. }) => {
                    used.insert(file_id);
                }
                _ => {}
            }
        }
    }
    let mut reached = 0;
    for id in &documents {
        let delete = DocumentCommand::DeleteDocument {};
        let step = step::<Document>(*id, None, delete);
        reached = reached.max(erase_one(work, Subject::new("document", *id), step).await?);
    }
    release_claims(work, base, &used).await?;
    if work.progress.wait_for(reached, VIEWS).await? < reached {
        return Err(later());
    }
    let used: Vec<Uuid> = used.into_iter().collect();
    for file in files::find_many(&source.pool, &used).await? {
        if !files::is_used_elsewhere(&source.pool, file.id, Uuid::nil()).await? {
            delete_file(work, &file, with_deletion_unless_used).await?;
        }
    }
    Ok(documents.len() as u64)
}

/// Gives back the claims of the documents of a knowledge base on their files.
async fn release_claims(work: &Work, base: Uuid, files: &BTreeSet<Uuid>) -> Result<(), LogError> {
    for file in files {
        claims::release(&work.source.pool, &work.source.keys, base, *file).await?;
    }
    Ok(())
}

/// Deletes a file with its key, its bytes and what its owner's quota counts of it. Tells the position after which the
/// views show it.
pub(super) async fn erase_file(work: &Work, file: &FileView) -> Result<i64, LogError> {
    delete_file(work, file, with_deletion).await
}

async fn delete_file(
    work: &Work,
    file: &FileView,
    with: fn(Execution, &FileView) -> Execution,
) -> Result<i64, LogError> {
    let delete = FileCommand::DeleteFile {
        actor: file.owner_id,
    };
    let step = step::<File>(file.id, None, delete);
    let execution = Execution::new(Context::worker("erasure", None), vec![step]);
    let execution = with(execution, file);
    let result = work.executor.execute(execution).await;
    let id = file.id;
    if matches!(result, Err(ExecutorError::ExtraRefused(IN_USE))) {
        return Ok(0);
    }
    work.source.keys.forget(&Subject::new("file", id));
    let position = match result {
        Ok(committed) => committed.position,
        // Deleted by somebody else meanwhile.
        Err(ExecutorError::Refused(_)) => 0,
        Err(error) => {
            tracing::warn!(file = %id, %error, "a file was not erased; it is tried again");
            return Err(later());
        }
    };
    match work.files.remove(id).await {
        Ok(()) => Ok(position),
        Err(error) => {
            tracing::warn!(file = %id, %error, "the bytes of a file were not removed; it is tried again");
            Err(later())
        }
    }
}
