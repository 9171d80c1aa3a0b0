//! Compares the log with what anchors, backups and views have recorded of it.

use eventstore::anchors::{AnchorError, Anchors, Difference, Observation};
use eventstore::backup::Folder;
use eventstore::log::verify::Verification;
use projections::rebuild;
use serde_json::{Value, json};
use sqlx::PgPool;

/// The result of a verification, as jobs and the command line report it: an error in the chain, otherwise a difference.
pub fn verification_result(verification: &Verification, difference: Option<Difference>) -> Value {
    let error = verification
        .broken
        .as_ref()
        .map(|(position, reason)| json!({"position": position, "reason": reason}));
    let difference = difference
        .map(|difference| json!({"position": difference.position, "reason": difference.kind, "detail": difference.message}));
    json!({"events": verification.events, "hash": hex::encode(&verification.hash), "broken": error.or(difference)})
}

/// Finds a difference between the log and its anchors, the backups in a folder, the views, and other observations.
pub async fn find_difference(
    pool: &PgPool,
    anchors: &Anchors,
    backups: &Folder,
    mut observations: Vec<Observation>,
) -> Result<Option<Difference>, AnchorError> {
    for view in rebuild::list_status(pool).await? {
        observations.push(Observation {
            position: view.position,
            hash: None,
            at: None,
            by: format!("the view {}", view.name),
        });
    }
    observations.extend(backups.observations(anchors.log_id())?);
    anchors.find_difference(observations).await
}
