//! `GET /backups`

use chrono::{TimeDelta, Utc};
use poem::Result;
use poem_openapi::OpenApi;

use super::Backups;
use crate::http::{Ctx, Problem, Tag, Unversioned};

#[derive(Debug, Clone, Copy)]
pub struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Backups")]
impl Operation {
    /// Lists the backups of the installation.
    ///
    /// The newest backup comes first. Requires the admin role.
    #[oai(path = "/backups", method = "get", operation_id = "listBackups")]
    async fn list_backups(&self, ctx: Ctx) -> Result<Unversioned<Backups>, Problem> {
        ctx.caller.require_admin()?;
        let (folder, log_id) = (ctx.settings.backups.clone(), ctx.log.id);
        let retention = folder.retention;
        let found = tokio::task::spawn_blocking(move || folder.list_backups(log_id)).await;
        let found = found
            .map_err(std::io::Error::other)
            .and_then(|found| found)
            .map_err(|error| {
                tracing::warn!(%error, "cannot read the backup folder");
                Problem::unavailable(
                    "backups_unavailable",
                    "the backup folder (backup.folder) cannot be read; see the server log",
                )
            })?;
        let every = ctx.settings.backup_every;
        let last = found
            .first()
            .map_or_else(Utc::now, |newest| newest.head.made_at);
        let backups = Backups {
            items: found.into_iter().map(Into::into).collect(),
            next_cursor: None,
            every_hours: every.map(|every| every.as_secs() / 3_600),
            next_at: every
                .and_then(|every| TimeDelta::from_std(every).ok())
                .and_then(|every| last.checked_add_signed(every)),
            kept: retention.archives as u64,
            keys_kept_days: retention.ring_days,
        };
        Ok(Unversioned::new(backups, ctx.feed.head()))
    }
}
