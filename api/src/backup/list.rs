//! `GET /backups`

use eventstore::backup::Backup;
use poem::Result;
use poem_openapi::OpenApi;

use super::{Backups, Tag};
use crate::http::{Ctx, Problem, Unversioned};
use crate::state::App;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Backups")]
impl Operation {
    /// Lists the backups of the installation.
    ///
    /// The newest backup comes first. Requires the admin role.
    #[oai(path = "/backups", method = "get", operation_id = "listBackups")]
    async fn list_backups(&self, ctx: Ctx) -> Result<Unversioned<Backups>, Problem> {
        ctx.caller.require_admin()?;
        let found = read_folder(&ctx.app).await?;
        let backups = Backups::new(found, &ctx.settings, ctx.clock.now());
        Ok(Unversioned::new(backups, ctx.feed.head()))
    }
}

/// Reads the backup folder; the newest backup comes first.
async fn read_folder(app: &App) -> Result<Vec<Backup>, Problem> {
    let (folder, log_id) = (app.settings.backups.clone(), app.log.id);
    let found = tokio::task::spawn_blocking(move || folder.list_backups(log_id)).await;
    let found = found.map_err(std::io::Error::other);
    found.and_then(|found| found).map_err(|error| {
        tracing::warn!(%error, "cannot read the backup folder");
        Problem::unavailable(
            "backups_unavailable",
            "the backup folder (backup.folder) cannot be read; see the server log",
        )
    })
}
