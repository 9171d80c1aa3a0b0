//! Whether the log is still what was seen of it: by its anchors, by backups, and by the views.

use eventstore::anchors::{AnchorError, Anchors, Difference, Observation};
use eventstore::backup::Folder;
use eventstore::chain::hex;
use eventstore::verify::Verification;
use projections::rebuild;
use serde_json::{Value, json};
use sqlx::PgPool;

/// What a verification has found, as jobs and the command line tell it: a fault of the chain, else a difference.
pub fn verdict(found: &Verification, differs: Option<Difference>) -> Value {
    let fault = found
        .broken
        .as_ref()
        .map(|(position, reason)| json!({"position": position, "reason": reason}));
    let differs = differs
        .map(|one| json!({"position": one.position, "reason": one.kind, "detail": one.message}));
    json!({"events": found.events, "hash": hex(&found.hash), "broken": fault.or(differs)})
}

/// How the log differs from what its anchors, the backups in a folder, the views and somebody else have seen of it.
pub async fn difference(
    pool: &PgPool,
    anchors: &Anchors,
    backups: &Folder,
    mut seen: Vec<Observation>,
) -> Result<Option<Difference>, AnchorError> {
    for view in rebuild::list_status(pool).await? {
        seen.push(Observation {
            position: view.position,
            hash: None,
            at: None,
            by: format!("the view {}", view.name),
        });
    }
    anchors.find_difference(Some(backups), seen).await
}
