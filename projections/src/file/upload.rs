//! What goes with a command that tells of a file.

use domain::file::NewFile;
use eventstore::Execution;
use eventstore::append::ExtraWriteError;

use super::usage;

/// What a file that passes its owner's quota is refused with.
pub const QUOTA_EXCEEDED: &str = "quota_exceeded";

/// Its claim on its bytes under its name, which one owner has once, and its share of what its owner may keep. Bytes
/// with another name are another file: what carries the one keeps its name and its kind.
pub fn with_upload(mut execution: Execution, file: &NewFile, quota: u64) -> Execution {
    let name = domain::file::file_name(&file.name).unwrap_or_default();
    let claim = format!("{} {} {name}", file.owner_id, file.sha256);
    execution.reserve.push(("file", claim, file.id.to_string()));
    let count = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
    let (owner, size, quota) = (file.owner_id, count(file.size), count(quota));
    execution.with_write(move |connection| {
        Box::pin(async move {
            match usage::add(connection, owner, size, quota).await? {
                true => Ok(()),
                false => Err(ExtraWriteError::Refused(QUOTA_EXCEEDED)),
            }
        })
    })
}
