//! `convosphere database backup`

use std::path::{Path, PathBuf};

use clap::Args;
use convosphere_client::Client;
use eventstore::backup::{BackupHeader, Folder, Retention, create};
use projections::backup_tables::BACKED_UP_TABLES;
use serde_json::{Value, json};

use super::{backup_failure, show};
use crate::failure::Failure;
use crate::installation::Installation;
use crate::{output, progress_bar};

/// Creates a backup and verifies it; the server may be running.
#[derive(Debug, Args)]
pub struct Backup {
    /// The target folder, in which old backups are never deleted; by default backup.folder.
    #[arg(long, value_name = "DIR")]
    pub to: Option<PathBuf>,
}

impl Backup {
    pub async fn run(self, i: &Installation, json: bool) -> Result<(), Failure> {
        let default = &i.settings.backups;
        let folder = match self.to {
            None => default.clone(),
            // Backups in another folder are never deleted automatically.
            Some(path) => Folder {
                path,
                retention: Retention {
                    archives: usize::MAX,
                    ..default.retention
                },
            },
        };
        let bar = progress_bar::start("backing up");
        let total = i.feed.head();
        let progress = |position| progress_bar::advance(&bar, position, Some(total));
        let source = (&i.pool, i.log, &i.files);
        let (tables, clock) = (&BACKED_UP_TABLES, &i.clock);
        let backup = create(source, tables, &i.master, &folder, clock, progress).await;
        bar.finish_and_clear();
        let archive = backup.map_err(backup_failure)?.archive;
        show(&to_json(&archive.head, &archive.path), json);
        if !json {
            output::print_message(&format!(
                "the key ring is in the same folder; keep a separate copy of {}, which the backup does not contain and \
                 which is needed to restore it",
                i.settings.master_key_file.display()
            ));
        }
        Ok(())
    }

    /// Creates a backup in the backup folder of the server.
    pub async fn run_remotely(self, server: &Client, json: bool) -> Result<(), Failure> {
        if self.to.is_some() {
            return Err(Failure::local_only("database backup --to"));
        }
        let job = server.create_backup().await?;
        let backup = progress_bar::wait_for_job(server, "backing up", job).await?;
        show(&backup, json);
        Ok(())
    }
}

/// The description of a backup for people and scripts.
pub fn to_json(head: &BackupHeader, path: &Path) -> Value {
    json!({
        "file": path, "log_id": head.log_id, "position": head.position, "hash": head.hash, "made_at": head.made_at,
    })
}
