//! Creates a backup: writes the key ring and the archive, then verifies both.

use std::path::Path;

use sqlx::PgPool;

use super::source::{self, KEY_TABLE, OWN_TABLES, SourceSnapshot};
use super::{
    Archive, BackupError, BackupHeader, Contents, Entry, FileKind, Folder, archive, check, send,
};
use crate::anchors::{AnchorError, Anchors};
use crate::files::Files;
use crate::{Clock, Log, MasterKey};

/// A created and verified backup.
#[derive(Debug, Clone)]
pub struct CreatedBackup {
    pub archive: Archive,
    pub contents: Contents,
}

impl CreatedBackup {
    /// The file name of the archive.
    pub fn name(&self) -> String {
        let name = self.archive.path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }
}

/// Backs up a running installation into a folder, verifies the backup, and removes expired ones. `tables` are the
/// tables that are not read models. `progress` counts each event twice: written and verified.
pub async fn create(
    (pool, log, files): (&PgPool, Log, &Files),
    tables: &[&str],
    master: &MasterKey,
    folder: &Folder,
    clock: &Clock,
    progress: impl Fn(i64),
) -> Result<CreatedBackup, BackupError> {
    folder.create()?;
    // A truncated or rewritten log must not displace backups of the original.
    let anchors = Anchors::new(pool.clone(), log, master, None, clock.clone());
    if let Some(difference) = anchors
        .find_difference(folder.observations(log.id)?)
        .await?
    {
        return Err(AnchorError::Differs(difference).into());
    }
    let mut source = SourceSnapshot::open(pool, log).await?;
    let identity = (clock.new_id(), clock.now());
    let ring = BackupHeader::new(FileKind::Keys, &source, master, identity);
    let ring_path = folder.file_path(&ring);
    let (sink, writing) = archive::write(&ring_path, ring, master);
    let mut contents = Contents::default();
    let read = source.send_tables(&[KEY_TABLE], &sink, &mut contents).await;
    finish_file(read, sink, contents, writing).await?;

    let archive = BackupHeader::new(FileKind::Archive, &source, master, identity);
    let path = folder.file_path(&archive);
    let created = create_archive(
        source,
        (pool, files),
        tables,
        (archive, &path),
        master,
        &progress,
    );
    let checked = async {
        let archive = created.await?;
        let position = archive.head.position;
        let read_again = |at| progress(position + at);
        let checked = check::check(&archive, FileKind::Archive, master, read_again).await?;
        check::check(&Archive::open(&ring_path)?, FileKind::Keys, master, |_| ()).await?;
        Ok((archive, checked.contents))
    };
    let (archive, contents) = match checked.await {
        Ok(created) => created,
        Err(error) => {
            // A key ring without its archive is useless, and every retry would leave another one.
            let _ = std::fs::remove_file(&ring_path);
            return Err(error);
        }
    };
    folder.remove_old(log.id, clock.now())?;
    Ok(CreatedBackup { archive, contents })
}

/// Writes the archive: the tables of the snapshot, the log up to its position, and the files.
async fn create_archive(
    mut source: SourceSnapshot,
    (pool, files): (&PgPool, &Files),
    tables: &[&str],
    (head, path): (BackupHeader, &Path),
    master: &MasterKey,
    progress: impl Fn(i64),
) -> Result<Archive, BackupError> {
    let (sink, writing) = archive::write(path, head, master);
    let mut contents = Contents::default();
    let names: Vec<&str> = OWN_TABLES
        .into_iter()
        .chain(tables.iter().copied())
        .collect();
    let read = async {
        source.send_tables(&names, &sink, &mut contents).await?;
        let position = source.release().await?;
        source::send_events(pool, position, &sink, &mut contents, &progress).await?;
        source::send_files(files, &sink, &mut contents).await
    };
    let read = read.await;
    finish_file(read, sink, contents, writing).await?;
    Archive::open(path)
}

/// Completes a file. If both sides fail, the writer knows the reason.
async fn finish_file(
    read: Result<(), BackupError>,
    sink: super::Sink,
    contents: Contents,
    writing: tokio::task::JoinHandle<Result<(), BackupError>>,
) -> Result<(), BackupError> {
    let read = match read {
        Ok(()) => send(&sink, Entry::End(contents)).await,
        failed => failed,
    };
    drop(sink);
    let written = writing.await.map_err(std::io::Error::other)?;
    match (read, written) {
        (Err(error), _) if !matches!(error, BackupError::Interrupted) => Err(error),
        (_, written) => written,
    }
}

/// Writes the tombstones of destroyed keys into the folder, so that restoring an older backup destroys these keys
/// again.
pub async fn write_tombstones(
    pool: &PgPool,
    log: Log,
    master: &MasterKey,
    folder: &Folder,
    clock: &Clock,
) -> Result<(), BackupError> {
    folder.create()?;
    let mut source = SourceSnapshot::open(pool, log).await?;
    let head = BackupHeader::new(
        FileKind::Tombstones,
        &source,
        master,
        (clock.new_id(), clock.now()),
    );
    let (sink, writing) = archive::write(&folder.file_path(&head), head, master);
    let mut contents = Contents::default();
    let read = source.send_tombstones(&sink, &mut contents).await;
    finish_file(read, sink, contents, writing).await
}
