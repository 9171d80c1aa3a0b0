//! Writes of a command that records an uploaded file.

use domain::file::UploadFile;
use eventstore::Execution;

use crate::command_write::CommandWrite;
use crate::counts::to_i64;

/// The refusal of a file that exceeds the quota of its owner.
pub const QUOTA_EXCEEDED: &str = "quota_exceeded";

/// Adds the claim on the contents and the quota check. An owner has the same contents once per name: under another name
/// they are another file, so that messages keep the name and type that they were sent with.
pub fn with_upload(mut execution: Execution, file: &UploadFile, quota: u64) -> Execution {
    let name = domain::file::file_name(&file.name).unwrap_or_default();
    let claim = format!("{} {} {name}", file.owner_id, file.sha256);
    execution.reserve.push(("file", claim, file.id.to_string()));
    execution.with_write(CommandWrite::CountUpload {
        owner: file.owner_id,
        size: to_i64(file.size),
        quota: to_i64(quota),
    })
}
