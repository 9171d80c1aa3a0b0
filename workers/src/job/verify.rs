//! Verifying the log: its chain, then what was seen of its end, as `events verify` does.

use eventstore::anchors::AnchorError;
use eventstore::log::LogError;
use eventstore::verify;
use projections::job::work::JobOutcome;

use super::Work;
use crate::{difference, verdict};

pub(super) async fn verify(work: &Work, progress: impl Fn(i64)) -> Result<JobOutcome, LogError> {
    let source = &work.source;
    let found = verify::verify(&source.pool, &source.log, progress).await?;
    let mut differs = None;
    if found.broken.is_none() {
        let folder = &work.backups.folder;
        differs = match difference(&source.pool, &work.anchors, folder, vec![]).await {
            Ok(differs) => differs,
            Err(AnchorError::Database(error)) => return Err(error.into()),
            Err(error) => return Ok(JobOutcome::Failed(error.to_string())),
        };
    }
    Ok(JobOutcome::Completed(verdict(&found, differs)))
}
