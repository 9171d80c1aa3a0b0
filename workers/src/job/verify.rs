//! Verifies the log like `events verify`: its chain, then earlier observations of its end.

use eventstore::anchors::AnchorError;
use eventstore::log::LogError;
use eventstore::log::verify;
use projections::job::work::JobOutcome;

use super::JobContext;
use crate::{find_difference, verification_result};

pub(super) async fn verify(
    context: &JobContext,
    progress: impl Fn(i64),
) -> Result<JobOutcome, LogError> {
    let source = &context.source;
    let found = verify::verify(&source.pool, &source.log, progress).await?;
    let mut difference = None;
    if found.broken.is_none() {
        let folder = &context.backups.folder;
        difference = match find_difference(&source.pool, &context.anchors, folder, vec![]).await {
            Ok(difference) => difference,
            Err(AnchorError::Database(error)) => return Err(error.into()),
            Err(error) => return Ok(JobOutcome::Failed(error.to_string())),
        };
    }
    Ok(JobOutcome::Completed(verification_result(
        &found, difference,
    )))
}
