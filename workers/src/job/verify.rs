//! Verifying the log: its chain, then what was seen of its end, as `events verify` does.

use eventstore::anchors::AnchorError;
use eventstore::log::LogError;
use eventstore::verify;
use projections::job::work::Ended;

use super::Work;
use crate::{difference, verdict};

pub(super) async fn verify(work: &Work, progress: impl Fn(i64)) -> Result<Ended, LogError> {
    let source = &work.source;
    let found = verify::verify(&source.pool, &source.log, progress).await?;
    let mut differs = None;
    if found.broken.is_none() {
        let folder = &work.backups.folder;
        differs = match difference(&source.pool, &work.anchors, folder, vec![]).await {
            Ok(differs) => differs,
            Err(AnchorError::Database(error)) => return Err(error.into()),
            Err(error) => return Ok(Ended::Failed(error.to_string())),
        };
    }
    Ok(Ended::Completed(verdict(&found, differs)))
}
