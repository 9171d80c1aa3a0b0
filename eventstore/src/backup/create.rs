//! Making a backup: key ring, archive, and a look at both before they count.

use std::path::Path;

use sqlx::PgPool;

use super::cut::{self, Cut, KEYS, OWN_TABLES};
use super::{Archive, BackupError, Contents, Entry, Folder, Head, Kind, archive, check, send};
use crate::anchors::{AnchorError, Anchors};
use crate::files::Files;
use crate::{Log, MasterKey};

/// A backup that was made and read again.
#[derive(Debug, Clone)]
pub struct Taken {
    pub archive: Archive,
    pub contents: Contents,
}

impl Taken {
    /// Of the archive, in the folder.
    pub fn name(&self) -> String {
        let name = self.archive.path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }
}

/// Makes a backup of an installation in a folder while it works, reads it again to its end, and removes what is kept
/// no longer. `tables` are those that are no read models. `progress` hears how many events were handled, of twice as
/// many.
pub async fn take(
    (pool, log, files): (&PgPool, Log, &Files),
    tables: &[&str],
    master: &MasterKey,
    folder: &Folder,
    progress: impl Fn(i64),
) -> Result<Taken, BackupError> {
    folder.make()?;
    // A log that was cut or rewritten would take the place of backups that hold what it was.
    let anchors = Anchors::new(pool.clone(), log, master, None);
    if let Some(difference) = anchors.difference(Some(folder), vec![]).await? {
        return Err(AnchorError::Differs(difference).into());
    }
    let mut cut = Cut::begin(pool, log).await?;
    let ring = Head::new(Kind::Keys, &cut, master);
    let ring_path = folder.path(&ring);
    let (sink, writing) = archive::write(&ring_path, ring, master);
    let mut told = Contents::default();
    let read = cut.tables(&[KEYS], &sink, &mut told).await;
    finish(read, sink, told, writing).await?;

    let archive = Head::new(Kind::Archive, &cut, master);
    let path = folder.path(&archive);
    let taken = take_archive(
        cut,
        (pool, files),
        tables,
        (archive, &path),
        master,
        &progress,
    );
    let checked = async {
        let archive = taken.await?;
        let position = archive.head.position;
        let read_again = |at| progress(position + at);
        let checked = check::check(&archive, Kind::Archive, master, read_again).await?;
        check::check(&Archive::open(&ring_path)?, Kind::Keys, master, |_| ()).await?;
        Ok((archive, checked.contents))
    };
    let (archive, contents) = match checked.await {
        Ok(taken) => taken,
        Err(error) => {
            // A ring without its archive is of no use, and each further try would leave one more.
            let _ = std::fs::remove_file(&ring_path);
            return Err(error);
        }
    };
    folder.remove_old(log.id)?;
    Ok(Taken { archive, contents })
}

/// Writes the archive: tables as they were at the cut, the log up to its position, and the files.
async fn take_archive(
    mut cut: Cut,
    (pool, files): (&PgPool, &Files),
    tables: &[&str],
    (head, path): (Head, &Path),
    master: &MasterKey,
    progress: impl Fn(i64),
) -> Result<Archive, BackupError> {
    let (sink, writing) = archive::write(path, head, master);
    let mut told = Contents::default();
    let names: Vec<&str> = OWN_TABLES
        .into_iter()
        .chain(tables.iter().copied())
        .collect();
    let read = async {
        cut.tables(&names, &sink, &mut told).await?;
        let position = cut.release().await?;
        cut::events(pool, position, &sink, &mut told, &progress).await?;
        cut::files(files, &sink, &mut told).await
    };
    let read = read.await;
    finish(read, sink, told, writing).await?;
    Archive::open(path)
}

/// Ends a file. Where both sides fail, the one that writes knows why.
async fn finish(
    read: Result<(), BackupError>,
    sink: super::Sink,
    told: Contents,
    writing: tokio::task::JoinHandle<Result<(), BackupError>>,
) -> Result<(), BackupError> {
    let read = match read {
        Ok(()) => send(&sink, Entry::End(told)).await,
        failed => failed,
    };
    drop(sink);
    let written = writing.await.map_err(std::io::Error::other)?;
    match (read, written) {
        (Err(error), _) if !matches!(error, BackupError::BrokenOff) => Err(error),
        (_, written) => written,
    }
}

/// Writes down, beside the backups, whose keys were destroyed: a restore of an older one destroys them again.
pub async fn keep_tombstones(
    pool: &PgPool,
    log: Log,
    master: &MasterKey,
    folder: &Folder,
) -> Result<(), BackupError> {
    folder.make()?;
    let mut cut = Cut::begin(pool, log).await?;
    let head = Head::new(Kind::Tombstones, &cut, master);
    let (sink, writing) = archive::write(&folder.path(&head), head, master);
    let mut told = Contents::default();
    let read = cut.tombstones(&sink, &mut told).await;
    finish(read, sink, told, writing).await
}
