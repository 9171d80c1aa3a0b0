//! Whether the log is still what was seen of it: by its anchors, by backups, and by the views.

use eventstore::anchors::{AnchorError, Anchors, Difference, Seen};
use eventstore::backup::Folder;
use projections::rebuild;
use sqlx::PgPool;

/// How the log differs from what its anchors, the backups in a folder, the views and somebody else have seen of it.
pub async fn difference(
    pool: &PgPool,
    anchors: &Anchors,
    backups: &Folder,
    mut seen: Vec<Seen>,
) -> Result<Option<Difference>, AnchorError> {
    for view in rebuild::list(pool).await? {
        seen.push(Seen {
            position: view.position,
            hash: None,
            at: None,
            by: format!("the view {}", view.name),
        });
    }
    anchors.difference(Some(backups), seen).await
}
