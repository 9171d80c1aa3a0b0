//! Making a backup, as a job: asked for by administrators, and by the schedule.

use std::time::Duration;

use eventstore::MasterKey;
use eventstore::backup::{BackupError, Folder, create};
use eventstore::log::LogError;
use projections::backup_tables::BACKED_UP_TABLES;
use projections::job::work::JobOutcome;
use serde_json::json;

use super::Work;

/// Where backups go, and what seals them.
#[derive(Debug, Clone)]
pub struct Backups {
    pub folder: Folder,
    pub master: MasterKey,
    /// How often one is made by itself.
    pub every: Option<Duration>,
}

pub(super) async fn make(work: &Work, progress: impl Fn(i64)) -> Result<JobOutcome, LogError> {
    let (source, backups) = (&work.source, &work.backups);
    let whole = (&source.pool, source.log, &work.files);
    // Every event is handled twice: written, and read again.
    let halved = |at| progress(at / 2);
    let taken = create(
        whole,
        &BACKED_UP_TABLES,
        &backups.master,
        &backups.folder,
        halved,
    )
    .await;
    match taken {
        Ok(taken) => Ok(JobOutcome::Completed(json!({
            "name": taken.name(), "position": taken.archive.head.position, "hash": taken.archive.head.hash,
            "events": taken.contents.events, "files": taken.contents.files,
        }))),
        Err(BackupError::Log(error)) => Err(error),
        Err(BackupError::Database(error)) => Err(LogError::Database(error)),
        Err(error) => {
            tracing::error!(%error, "a backup was not made");
            Ok(JobOutcome::Failed(error.to_string()))
        }
    }
}
