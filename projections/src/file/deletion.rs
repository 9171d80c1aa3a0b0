//! Writes of a command that deletes a file.
//!
//! Uploads and deletions lock rows in the same order: the usage of the owner, then the claims.

use domain::Subject;
use eventstore::Execution;
use eventstore::append::ExtraWriteError;
use eventstore::erasure;

use super::{FileView, claims, usage};

/// The refusal of a deletion while a document uses the file.
pub const IN_USE: &str = "in_use";

/// Adds the release of quota and claims, and the destruction of the key.
pub fn with_deletion(execution: Execution, file: &FileView) -> Execution {
    add_deletion(execution, file, false)
}

/// The same, but refuses the deletion while a document uses the file.
pub fn with_deletion_unless_used(execution: Execution, file: &FileView) -> Execution {
    add_deletion(execution, file, true)
}

fn add_deletion(execution: Execution, file: &FileView, unless_used: bool) -> Execution {
    let (id, owner, size) = (file.id, file.owner_id, file.size);
    let execution = execution.with_write(move |connection| {
        Box::pin(async move {
            usage::subtract(connection, owner, size).await?;
            // Waits for transactions that create a document from the file right now.
            claims::lock(connection, id).await?;
            if unless_used && claims::is_in_document(connection, id).await? {
                return Err(ExtraWriteError::Refused(IN_USE));
            }
            erasure::release_claims(connection, &id.to_string()).await?;
            Ok(())
        })
    });
    execution.with_key_destruction(&Subject::new("file", id))
}
