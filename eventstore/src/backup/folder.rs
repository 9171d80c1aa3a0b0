//! The folder of backups: file names, retention, listing.

use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{Archive, BackupError, BackupHeader, FileKind};
use crate::anchors::Observation;

/// Age after which a partial file must be a leftover of a crashed process.
const PARTIAL_MAX_AGE: TimeDelta = TimeDelta::hours(24);

/// How long backups are kept.
#[derive(Debug, Clone, Copy)]
pub struct Retention {
    /// Number of archives, at least one.
    pub archives: usize,
    /// Days after which a key ring is removed; the newest always stays.
    pub ring_days: u32,
}

/// A folder of backups.
#[derive(Debug, Clone)]
pub struct Folder {
    pub path: PathBuf,
    pub retention: Retention,
}

/// A backup in the folder.
#[derive(Debug, Clone)]
pub struct Backup {
    pub name: String,
    pub head: BackupHeader,
    pub bytes: u64,
}

impl Folder {
    /// The folder that contains a file, for reading.
    pub(super) fn containing(file: &Path) -> Self {
        Self {
            path: file.parent().unwrap_or_else(|| Path::new(".")).to_owned(),
            retention: Retention {
                archives: 1,
                ring_days: 0,
            },
        }
    }

    pub(super) fn create(&self) -> io::Result<()> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.path)
    }

    /// The path of a file, by its header.
    pub(super) fn file_path(&self, head: &BackupHeader) -> PathBuf {
        let at = head.made_at.format("%Y%m%dT%H%M%S%3fZ");
        let (log, position) = (head.log_id, head.position);
        self.path.join(match head.kind {
            FileKind::Archive => format!("{log}-{at}-{position}.backup"),
            FileKind::Keys => format!("{log}-{at}-{position}.keys"),
            FileKind::Tombstones => format!("{log}.tombstones"),
        })
    }

    /// The archives of a log, the newest first.
    pub fn list_backups(&self, log_id: Uuid) -> io::Result<Vec<Backup>> {
        let archives = self.list_files(log_id, FileKind::Archive)?;
        let known = archives.into_iter().filter_map(|archive| {
            Some(Backup {
                name: archive.path.file_name()?.to_string_lossy().into_owned(),
                bytes: fs::metadata(&archive.path).ok()?.len(),
                head: archive.head,
            })
        });
        Ok(known.collect())
    }

    /// What the archives show about the end of the log.
    pub fn observations(&self, log_id: Uuid) -> io::Result<Vec<Observation>> {
        let backups = self.list_backups(log_id)?.into_iter();
        Ok(backups
            .map(|backup| Observation {
                position: backup.head.position,
                hash: Some(backup.head.hash),
                at: Some(backup.head.made_at),
                by: format!("the backup {}", backup.name),
            })
            .collect())
    }

    /// The newest key ring of a log.
    pub(super) fn find_newest_ring(&self, log_id: Uuid) -> io::Result<Option<Archive>> {
        Ok(self.list_files(log_id, FileKind::Keys)?.into_iter().next())
    }

    /// The file of tombstones of a log, if it exists.
    pub(super) fn find_tombstones(&self, log_id: Uuid) -> Result<Option<Archive>, BackupError> {
        let path = self.path.join(format!("{log_id}.tombstones"));
        match path.exists() {
            true => Archive::open(&path).map(Some),
            false => Ok(None),
        }
    }

    /// Removes expired archives and key rings, and leftovers of crashed processes.
    pub(super) fn remove_old(&self, log_id: Uuid, now: DateTime<Utc>) -> io::Result<()> {
        let archives = self.list_files(log_id, FileKind::Archive)?;
        for old in archives.iter().skip(self.retention.archives.max(1)) {
            fs::remove_file(&old.path)?;
        }
        let since = now - TimeDelta::days(i64::from(self.retention.ring_days));
        for old in self.list_files(log_id, FileKind::Keys)?.iter().skip(1) {
            if old.head.made_at < since {
                fs::remove_file(&old.path)?;
            }
        }
        for entry in fs::read_dir(&self.path)?.flatten() {
            let is_partial = entry
                .path()
                .extension()
                .is_some_and(|extension| extension == "part");
            let modified =
                || Ok::<_, io::Error>(DateTime::<Utc>::from(entry.metadata()?.modified()?));
            if is_partial && modified()? < now - PARTIAL_MAX_AGE {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// The files of a kind, the newest first. Other files and unreadable ones are ignored.
    fn list_files(&self, log_id: Uuid, kind: FileKind) -> io::Result<Vec<Archive>> {
        let extension = match kind {
            FileKind::Archive => "backup",
            FileKind::Keys => "keys",
            FileKind::Tombstones => "tombstones",
        };
        let here = Path::new(".");
        let folder = match self.path.as_os_str().is_empty() {
            true => here,
            false => &self.path,
        };
        let entries = match fs::read_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let is_one = |path: &Path| path.extension().is_some_and(|found| found == extension);
        let mut found: Vec<Archive> = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| is_one(path))
            .filter_map(|path| Archive::open(&path).ok())
            .filter(|archive| archive.head.log_id == log_id && archive.head.kind == kind)
            .collect();
        found.sort_by_key(|archive| std::cmp::Reverse(archive.head.made_at));
        Ok(found)
    }
}
