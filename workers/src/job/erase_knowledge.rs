//! What remains to be done when a knowledge base was deleted: the keys of its documents, and files that nothing else
//! is made of. The views know nothing of it any more: the log does.

use domain::document::{Document, DocumentCommand, DocumentEvent};
use domain::file::{File, FileCommand};
use domain::{Event, Subject};
use eventstore::executor::{Context, step};
use eventstore::log::{self, LogError};
use eventstore::{Execution, ExecutorError};
use projections::file::{FileView, deletion, queries as files};
use projections::job::work::Ended;
use serde_json::json;
use uuid::Uuid;

use super::Work;
use super::erase::{VIEWS, erase_one, later};

const PAGE: i64 = 500;

/// Erases the documents of a deleted knowledge base. Safe to be broken off and begun anew.
pub(super) async fn erase_knowledge_base(work: &Work, id: Uuid) -> Result<Ended, LogError> {
    let documents = erase_documents(work, id).await?;
    Ok(Ended::Completed(json!({ "documents": documents })))
}

/// Tells how many documents it has found.
pub(super) async fn erase_documents(work: &Work, base: Uuid) -> Result<u64, LogError> {
    let source = &work.source;
    let (mut after, mut documents, mut reached) = (0, 0, 0);
    let mut used = Vec::new();
    loop {
        let rows = log::read_scope(&source.pool, &base.to_string(), after, PAGE).await?;
        let Some(last) = rows.last() else {
            break;
        };
        after = last.position;
        let (events, _) = log::open_known(&source.log, &source.keys, rows).await?;
        for at in events {
            match at.event {
                Event::Document(DocumentEvent::DocumentAdded { file_id, .. }) => {
                    used.push(file_id);
                    documents += 1;
                    let subject = Subject::new("document", at.aggregate_id);
                    let delete = DocumentCommand::DeleteDocument {};
                    let step = step::<Document>(at.aggregate_id, None, delete);
                    reached = reached.max(erase_one(work, subject, step).await?);
                }
                Event::Document(DocumentEvent::DocumentReplaced { file_id, .. }) => {
                    used.push(file_id);
                }
                _ => {}
            }
        }
    }
    if work.progress.reach(reached, VIEWS).await? < reached {
        return Err(later());
    }
    for file in files::some(&source.pool, &used).await? {
        if !files::is_used(&source.pool, file.id, Uuid::nil()).await? {
            erase_file(work, &file).await?;
        }
    }
    Ok(documents)
}

/// Deletes a file with its key, its bytes and what its owner's quota counts of it. Tells the position after which the
/// views show it.
pub(super) async fn erase_file(work: &Work, file: &FileView) -> Result<i64, LogError> {
    let delete = FileCommand::DeleteFile {
        actor: file.owner_id,
    };
    let step = step::<File>(file.id, None, delete);
    let execution = Execution::new(Context::worker("erasure", None), vec![step]);
    let execution = deletion(execution, file);
    let result = work.executor.execute(execution).await;
    let id = file.id;
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
