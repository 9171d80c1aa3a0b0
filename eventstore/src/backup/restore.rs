//! Restores an installation from a backup, after verifying all of it.

use std::collections::BTreeSet;
use std::path::Path;

use sqlx::{PgPool, Postgres, Transaction};

use super::check::check;
use super::{Archive, BackupError, BackupHeader, Contents, Entry, FileKind, Folder, apply};
use crate::files::Files;
use crate::{Log, MasterKey};

/// A verified backup and the key ring that opens it.
#[derive(Debug)]
pub struct RestorePlan {
    archive: Archive,
    ring: Archive,
    pub contents: Contents,
    /// Subjects whose keys were destroyed before or after the backup.
    destroyed: BTreeSet<String>,
}

/// A restored backup that is not committed yet.
#[derive(Debug)]
pub struct RestoredBackup {
    pub transaction: Transaction<'static, Postgres>,
    pub head: BackupHeader,
    pub contents: Contents,
}

impl RestorePlan {
    /// Verifies an archive, its key ring and the tombstones. Without `ring`, uses the newest one in the archive's
    /// folder.
    pub async fn verify(
        file: &Path,
        ring: Option<&Path>,
        master: &MasterKey,
        progress: impl Fn(i64),
    ) -> Result<Self, BackupError> {
        let archive = Archive::open(file)?;
        let log_id = archive.head.log_id;
        let folder = Folder::containing(file);
        let ring = match ring {
            Some(path) => Archive::open(path)?,
            None => folder.find_newest_ring(log_id)?.ok_or_else(|| {
                BackupError::Unusable(format!(
                    "no key ring (.keys) of log {log_id} in the folder of the archive; pass one with --keys"
                ))
            })?,
        };
        check_ring(&archive.head, &ring.head)?;
        let found = check(&archive, FileKind::Archive, master, progress).await?;
        let mut destroyed = check(&ring, FileKind::Keys, master, |_| ())
            .await?
            .destroyed;
        if let Some(later) = folder.find_tombstones(log_id)? {
            destroyed.extend(
                check(&later, FileKind::Tombstones, master, |_| ())
                    .await?
                    .destroyed,
            );
        }
        Ok(Self {
            archive,
            ring,
            contents: found.contents,
            destroyed,
        })
    }

    pub fn head(&self) -> &BackupHeader {
        &self.archive.head
    }

    /// The key ring that opens it.
    pub fn ring(&self) -> &Path {
        &self.ring.path
    }

    /// Replaces the contents of a database in one transaction. If it has the same log, its erasures are kept. Files are
    /// written first.
    pub async fn restore(
        mut self,
        pool: &PgPool,
        files: Option<&Files>,
        master: &MasterKey,
        skipped_tables: &[&str],
    ) -> Result<RestoredBackup, BackupError> {
        let head = self.archive.head.clone();
        if let Some((id, _)) = apply::find_log(pool).await?
            && id == head.log_id
        {
            let destroyed = crate::seal::erasure::list_destroyed(pool).await?;
            self.destroyed.extend(destroyed);
        }
        let mut transaction = pool.begin().await?;
        apply::clear_database(&mut transaction).await?;
        Log::from_id(head.log_id)
            .record(&mut transaction, &head.master)
            .await?;
        let mut objects = files.map(apply::ObjectWriter::new);
        for source in [&self.ring, &self.archive] {
            let mut entries = source.entries(master)?;
            while let Some(entry) = entries.recv().await {
                match (entry?, objects.as_mut()) {
                    (Entry::Piece { path, bytes, last }, Some(objects)) => {
                        objects.put(path, &bytes, last).await?;
                    }
                    (Entry::Rows { table, .. }, _) if skipped_tables.contains(&table.as_str()) => {}
                    (entry, _) => apply::write_entry(&mut transaction, entry).await?,
                }
            }
        }
        apply::destroy_keys(&mut transaction, &self.destroyed).await?;
        Ok(RestoredBackup {
            transaction,
            head,
            contents: self.contents,
        })
    }
}

/// Checks that a key ring is of the same log and not older than the archive.
fn check_ring(archive: &BackupHeader, ring: &BackupHeader) -> Result<(), BackupError> {
    if archive.log_id != ring.log_id {
        return Err(BackupError::Unusable(format!(
            "the key ring belongs to log {}, the archive to log {}; use the key ring of the archive's log",
            ring.log_id, archive.log_id
        )));
    }
    if ring.made_at < archive.made_at {
        return Err(BackupError::Unusable(
            "the key ring is older than the archive and may lack keys; use a newer one".to_owned(),
        ));
    }
    Ok(())
}
