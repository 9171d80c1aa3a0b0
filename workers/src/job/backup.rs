//! The job that creates a backup, requested by administrators and by the schedule.

use std::time::Duration;

use eventstore::MasterKey;
use eventstore::backup::{BackupError, Folder, create};
use eventstore::log::LogError;
use projections::backup_tables::BACKED_UP_TABLES;
use projections::job::work::JobOutcome;
use serde_json::json;

use super::JobContext;

/// Where backups are stored, and the key that encrypts them.
#[derive(Debug, Clone)]
pub struct Backups {
    pub folder: Folder,
    pub master: MasterKey,
    /// The interval of scheduled backups.
    pub every: Option<Duration>,
}

pub(super) async fn create_backup(
    context: &JobContext,
    progress: impl Fn(i64),
) -> Result<JobOutcome, LogError> {
    let (source, backups) = (&context.source, &context.backups);
    let installation = (&source.pool, source.log, &context.files);
    // Every event is processed twice: written, and verified.
    let halve = |at| progress(at / 2);
    let backup = create(
        installation,
        &BACKED_UP_TABLES,
        &backups.master,
        &backups.folder,
        context.executor.clock(),
        halve,
    )
    .await;
    match backup {
        Ok(backup) => Ok(JobOutcome::Completed(json!({
            "name": backup.name(), "position": backup.archive.head.position, "hash": backup.archive.head.hash,
            "events": backup.contents.events, "files": backup.contents.files,
        }))),
        Err(BackupError::Log(error)) => Err(error),
        Err(BackupError::Database(error)) => Err(LogError::Database(error)),
        Err(error) => {
            tracing::error!(%error, "a backup failed");
            Ok(JobOutcome::Failed(error.to_string()))
        }
    }
}
