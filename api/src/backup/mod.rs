//! Backups of the installation, for administrators.

mod create;
mod list;
/// A backup in the backup folder. Its key ring is stored next to it, under the same name with another extension.
#[derive(Debug, Object, o2o)]
#[from_owned(Backup)]
#[oai(rename = "Backup")]
pub(crate) struct BackupResource {
    /// The file name in the backup folder.
    pub name: String,
    #[from(@.head.made_at)]
    pub made_at: DateTime<Utc>,
    /// The last position of the log in the backup.
    #[from(@.head.position)]
    pub position: i64,
    /// The hash of that position, in hex.
    #[from(@.head.hash)]
    pub hash: String,
    pub bytes: u64,
}

/// The backups of the installation, and their schedule.
#[derive(Debug, Object)]
pub(crate) struct Backups {
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

impl Backups {
    /// The backups of a folder, the newest first, with the operator's schedule.
    fn new(found: Vec<Backup>, settings: &Settings, now: DateTime<Utc>) -> Self {
        let (retention, every) = (settings.backups.retention, settings.backup_every);
        let last = found.first().map_or(now, |newest| newest.head.made_at);
        Self {
            items: found.into_iter().map(Into::into).collect(),
            next_cursor: None,
            every_hours: every.map(|every| every.as_secs() / 3_600),
            next_at: every
                .and_then(|every| TimeDelta::from_std(every).ok())
                .and_then(|every| last.checked_add_signed(every)),
            kept: retention.archives as u64,
            keys_kept_days: retention.ring_days,
        }
    }
}

use chrono::{DateTime, TimeDelta, Utc};
use eventstore::backup::Backup;
use o2o::o2o;
use poem_openapi::{Object, OpenApi, Tags};

use crate::state::Settings;

/// The area of the contract.
#[derive(Tags)]
pub(crate) enum Tag {
    /// Backups of the installation, for administrators.
    Backups,
}

/// The operations of this feature.
pub(crate) fn operations() -> impl OpenApi {
    (list::Operation, create::Operation)
}
