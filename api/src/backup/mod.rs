//! Backups of the installation, for administrators.

use chrono::{DateTime, TimeDelta, Utc};
use eventstore::backup::Backup;
use poem::Result;
use poem_openapi::{Object, OpenApi};
use projections::job::JobKind;

use crate::http::{Ctx, Problem, StartedJob, Tag, Unversioned};
use crate::job::{self, JobResource};

/// A backup in the backup folder. Its key ring is stored next to it, under the same name with another extension.
#[derive(Debug, Object)]
#[oai(rename = "Backup")]
pub struct BackupResource {
    /// The file name in the backup folder.
    pub name: String,
    pub made_at: DateTime<Utc>,
    /// The last position of the log in the backup.
    pub position: i64,
    /// The hash of that position, in hex.
    pub hash: String,
    pub bytes: u64,
}

impl From<Backup> for BackupResource {
    fn from(backup: Backup) -> Self {
        Self {
            name: backup.name,
            made_at: backup.head.made_at,
            position: backup.head.position,
            hash: backup.head.hash,
            bytes: backup.bytes,
        }
    }
}

/// The backups of the installation, and their schedule.
#[derive(Debug, Object)]
pub struct Backups {
    /// The newest backup comes first.
    pub items: Vec<BackupResource>,
    pub next_cursor: Option<String>,
    /// Hours between automatic backups; null if they are disabled.
    pub every_hours: Option<u64>,
    /// When the next automatic backup is due; null if they are disabled.
    pub next_at: Option<DateTime<Utc>>,
    /// Number of backups that are kept.
    pub kept: u64,
    /// Days that key rings are kept. Until then, a backup can still reveal text that was erased since. The newest key
    /// ring is always kept.
    pub keys_kept_days: u32,
}

#[derive(Debug, Clone, Copy)]
pub struct BackupApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Backups")]
impl BackupApi {
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

    /// Starts a backup.
    ///
    /// A job writes the backup while the installation runs, reads it to the end to check it, and deletes backups that
    /// are too old to keep. Requires the admin role.
    #[oai(path = "/backups", method = "post", operation_id = "createBackup")]
    async fn create_backup(&self, ctx: Ctx) -> Result<StartedJob<JobResource>, Problem> {
        ctx.caller.require_admin()?;
        job::request(&ctx, JobKind::Backup).await
    }
}
