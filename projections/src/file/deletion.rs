//! Writes of a command that deletes a file.

use domain::Subject;
use eventstore::Execution;

use super::FileView;
use crate::command_write::CommandWrite;

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
    execution
        .with_write(CommandWrite::ReleaseFile {
            file: file.id,
            owner: file.owner_id,
            size: file.size,
            unless_used,
        })
        .with_key_destruction(&Subject::new("file", file.id))
}
