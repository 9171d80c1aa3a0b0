//! What goes with a command that deletes a file.
//!
//! Uploads and deletions of files change the same rows in the same order: the usage of the owner, then the claims.

use domain::Subject;
use eventstore::Execution;
use eventstore::append::ExtraWriteError;
use eventstore::erasure;

use super::{FileView, claims, usage};

/// What the deletion of a file is refused with that a document is made of.
pub const IN_USE: &str = "in_use";

/// Its share of what its owner may keep, its claims, and its key.
pub fn with_deletion(execution: Execution, file: &FileView) -> Execution {
    delete(execution, file, false)
}

/// The same, refused where a document is made of the file.
pub fn with_deletion_unless_used(execution: Execution, file: &FileView) -> Execution {
    delete(execution, file, true)
}

fn delete(execution: Execution, file: &FileView, unless_used: bool) -> Execution {
    let (id, owner, size) = (file.id, file.owner_id, file.size);
    let execution = execution.with_write(move |connection| {
        Box::pin(async move {
            usage::subtract(connection, owner, size).await?;
            // Whoever makes a document of the file at this moment is waited for here.
            claims::lock(connection, id).await?;
            if unless_used && claims::is_in_a_document(connection, id).await? {
                return Err(ExtraWriteError::Refused(IN_USE));
            }
            erasure::release_claims(connection, &id.to_string()).await?;
            Ok(())
        })
    });
    execution.with_key_destruction(&Subject::new("file", id))
}
