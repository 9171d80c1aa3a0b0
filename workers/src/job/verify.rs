//! Verifying the log: its chain, then what was seen of its end, as `events verify` does.

use eventstore::anchors::AnchorError;
use eventstore::chain::hex;
use eventstore::log::LogError;
use eventstore::verify;
use projections::job::work::Ended;
use serde_json::json;

use super::Work;
use crate::difference;

pub(super) async fn verify(work: &Work, progress: impl Fn(i64)) -> Result<Ended, LogError> {
    let source = &work.source;
    let found = verify::verify(&source.pool, &source.log, progress).await?;
    let mut broken = found
        .broken
        .map(|(position, reason)| json!({"position": position, "reason": reason}));
    if broken.is_none() {
        let folder = &work.backups.folder;
        let differs = difference(&source.pool, &work.anchors, folder, vec![]).await;
        let differs = match differs {
            Ok(differs) => differs,
            Err(AnchorError::Database(error)) => return Err(error.into()),
            Err(error) => return Ok(Ended::Failed(error.to_string())),
        };
        broken = differs
            .map(|one| json!({"position": one.position, "reason": one.kind, "detail": one.said}));
    }
    let hash = hex(&found.hash);
    Ok(Ended::Completed(
        json!({"events": found.events, "hash": hash, "broken": broken}),
    ))
}
