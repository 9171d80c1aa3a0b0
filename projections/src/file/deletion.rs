//! What goes with a command that deletes a file.

use domain::Subject;
use eventstore::{Execution, erasure};

use super::{FileView, usage};

/// Its key, its claim on its bytes, and its share of what its owner may keep.
pub fn deletion(execution: Execution, file: &FileView) -> Execution {
    let (id, owner, size) = (file.id, file.owner_id, file.size);
    let execution = execution.destroying(&Subject::new("file", id));
    execution.also(move |connection| {
        Box::pin(async move {
            erasure::release_claims(connection, &id.to_string()).await?;
            usage::subtract(connection, owner, size).await?;
            Ok(())
        })
    })
}
