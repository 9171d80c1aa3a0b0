//! Writes of a command that records an uploaded file.

use domain::file::NewFile;
use eventstore::Execution;
use eventstore::append::ExtraWriteError;

use super::usage;
use crate::counts::to_i64;

/// The refusal of a file that exceeds the quota of its owner.
pub const QUOTA_EXCEEDED: &str = "quota_exceeded";

/// Adds the claim on the contents and the quota check. An owner has the same contents once per name: under another name
/// they are another file, so that messages keep the name and type that they were sent with.
pub fn with_upload(mut execution: Execution, file: &NewFile, quota: u64) -> Execution {
    let name = domain::file::file_name(&file.name).unwrap_or_default();
    let claim = format!("{} {} {name}", file.owner_id, file.sha256);
    execution.reserve.push(("file", claim, file.id.to_string()));
    let (owner, size, quota) = (file.owner_id, to_i64(file.size), to_i64(quota));
    execution.with_write(move |connection| {
        Box::pin(async move {
            match usage::add(connection, owner, size, quota).await? {
                true => Ok(()),
                false => Err(ExtraWriteError::Refused(QUOTA_EXCEEDED)),
            }
        })
    })
}
