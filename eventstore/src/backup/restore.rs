//! Making an installation of a backup. Everything is read to its end before anything is touched.

use std::collections::BTreeSet;
use std::path::Path;

use sqlx::{PgPool, Postgres, Transaction};

use super::check::check;
use super::{Archive, BackupError, Contents, Entry, Folder, Head, Kind, apply};
use crate::files::Files;
use crate::{Log, MasterKey};

/// A backup that was verified, with the ring that opens it.
#[derive(Debug)]
pub struct Plan {
    archive: Archive,
    ring: Archive,
    pub contents: Contents,
    /// Subjects whose keys are destroyed, then or since.
    buried: BTreeSet<String>,
}

/// What was restored, and not yet committed.
#[derive(Debug)]
pub struct Restored {
    pub transaction: Transaction<'static, Postgres>,
    pub head: Head,
    pub contents: Contents,
}

impl Plan {
    /// Reads an archive, its key ring and what was erased since to their ends. Without a ring, the newest one beside the
    /// archive is taken.
    pub async fn verify(
        file: &Path,
        ring: Option<&Path>,
        master: &MasterKey,
        progress: impl Fn(i64),
    ) -> Result<Self, BackupError> {
        let archive = Archive::open(file)?;
        let log_id = archive.head.log_id;
        let beside = Folder::beside(file);
        let ring = match ring {
            Some(path) => Archive::open(path)?,
            None => beside.newest_ring(log_id)?.ok_or_else(|| {
                BackupError::Unfit(format!(
                    "there is no key ring (.keys) of log {log_id} beside the archive: name one with --keys"
                ))
            })?,
        };
        fit(&archive.head, &ring.head)?;
        let found = check(&archive, Kind::Archive, master, progress).await?;
        let mut buried = check(&ring, Kind::Keys, master, |_| ()).await?.destroyed;
        if let Some(later) = beside.tombstones(log_id)? {
            buried.extend(
                check(&later, Kind::Tombstones, master, |_| ())
                    .await?
                    .destroyed,
            );
        }
        Ok(Self {
            archive,
            ring,
            contents: found.contents,
            buried,
        })
    }

    pub fn head(&self) -> &Head {
        &self.archive.head
    }

    /// The key ring that opens it.
    pub fn ring(&self) -> &Path {
        &self.ring.path
    }

    /// Writes it into a database, in one transaction, in the place of what is there. What the log that was there has
    /// erased since stays erased. The bytes of files are put first.
    pub async fn restore(
        mut self,
        pool: &PgPool,
        files: Option<&Files>,
        master: &MasterKey,
        left_out: &[&str],
    ) -> Result<Restored, BackupError> {
        let head = self.archive.head.clone();
        if let Some((id, _)) = apply::holds(pool).await?
            && id == head.log_id
        {
            let destroyed = crate::erasure::destroyed(pool).await?;
            self.buried.extend(destroyed);
        }
        let mut transaction = pool.begin().await?;
        apply::clear(&mut transaction).await?;
        Log::of(head.log_id)
            .record(&mut transaction, &head.master)
            .await?;
        let mut objects = files.map(apply::Objects::new);
        for source in [&self.ring, &self.archive] {
            let mut entries = source.entries(master)?;
            while let Some(entry) = entries.recv().await {
                match (entry?, objects.as_mut()) {
                    (Entry::Piece { path, bytes, last }, Some(objects)) => {
                        objects.put(path, &bytes, last).await?;
                    }
                    (Entry::Rows { table, .. }, _) if left_out.contains(&table.as_str()) => {}
                    (entry, _) => apply::put(&mut transaction, entry).await?,
                }
            }
        }
        apply::bury(&mut transaction, &self.buried).await?;
        Ok(Restored {
            transaction,
            head,
            contents: self.contents,
        })
    }
}

/// A ring opens what is not younger than itself, of its own log.
fn fit(archive: &Head, ring: &Head) -> Result<(), BackupError> {
    if archive.log_id != ring.log_id {
        return Err(BackupError::Unfit(format!(
            "the key ring is of log {}, the archive of log {}",
            ring.log_id, archive.log_id
        )));
    }
    if ring.made_at < archive.made_at {
        return Err(BackupError::Unfit(
            "the key ring is older than the archive: some keys would be missing".to_owned(),
        ));
    }
    Ok(())
}
