//! The folder of backups: names, what is kept how long, what is there.

use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use uuid::Uuid;

use super::{Archive, BackupError, Head, Kind};

/// How old what is half written must be to have been left by a process that died.
const HALF: Duration = Duration::from_hours(24);

/// How long what is kept.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    /// Archives, at least one.
    pub archives: usize,
    /// Days after which a key ring is removed; the newest always stays.
    pub ring_days: u32,
}

/// Where backups lie.
#[derive(Debug, Clone)]
pub struct Folder {
    pub path: PathBuf,
    pub kept: Kept,
}

/// A backup that lies there.
#[derive(Debug, Clone)]
pub struct Backup {
    pub name: String,
    pub head: Head,
    pub bytes: u64,
}

impl Folder {
    /// The folder that a file lies in, for reading.
    pub(super) fn beside(file: &Path) -> Self {
        Self {
            path: file.parent().unwrap_or_else(|| Path::new(".")).to_owned(),
            kept: Kept {
                archives: 1,
                ring_days: 0,
            },
        }
    }

    pub(super) fn make(&self) -> io::Result<()> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.path)
    }

    /// Where a file lies, by its first line.
    pub(super) fn path(&self, head: &Head) -> PathBuf {
        let at = head.made_at.format("%Y%m%dT%H%M%S%3fZ");
        let (log, position) = (head.log_id, head.position);
        self.path.join(match head.kind {
            Kind::Archive => format!("{log}-{at}-{position}.backup"),
            Kind::Keys => format!("{log}-{at}-{position}.keys"),
            Kind::Tombstones => format!("{log}.tombstones"),
        })
    }

    /// The archives of a log, the newest first.
    pub fn backups(&self, log_id: Uuid) -> io::Result<Vec<Backup>> {
        let archives = self.files(log_id, Kind::Archive)?;
        let known = archives.into_iter().filter_map(|archive| {
            Some(Backup {
                name: archive.path.file_name()?.to_string_lossy().into_owned(),
                bytes: fs::metadata(&archive.path).ok()?.len(),
                head: archive.head,
            })
        });
        Ok(known.collect())
    }

    /// The newest key ring of a log.
    pub(super) fn newest_ring(&self, log_id: Uuid) -> io::Result<Option<Archive>> {
        Ok(self.files(log_id, Kind::Keys)?.into_iter().next())
    }

    /// Whose keys were destroyed, where that was written down.
    pub(super) fn tombstones(&self, log_id: Uuid) -> Result<Option<Archive>, BackupError> {
        let path = self.path.join(format!("{log_id}.tombstones"));
        match path.exists() {
            true => Archive::open(&path).map(Some),
            false => Ok(None),
        }
    }

    /// Removes archives and key rings that are kept no longer, and what a killed process has left half written.
    pub(super) fn remove_old(&self, log_id: Uuid) -> io::Result<()> {
        let archives = self.files(log_id, Kind::Archive)?;
        for old in archives.iter().skip(self.kept.archives.max(1)) {
            fs::remove_file(&old.path)?;
        }
        let since = Utc::now() - TimeDelta::days(i64::from(self.kept.ring_days));
        for old in self.files(log_id, Kind::Keys)?.iter().skip(1) {
            if old.head.made_at < since {
                fs::remove_file(&old.path)?;
            }
        }
        for entry in fs::read_dir(&self.path)?.flatten() {
            let half = entry.path().extension().is_some_and(|end| end == "part");
            if half
                && entry
                    .metadata()?
                    .modified()?
                    .elapsed()
                    .is_ok_and(|age| age > HALF)
            {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// The files of a kind, the newest first. What is no backup, or cannot be read, is left alone.
    fn files(&self, log_id: Uuid, kind: Kind) -> io::Result<Vec<Archive>> {
        let end = match kind {
            Kind::Archive => "backup",
            Kind::Keys => "keys",
            Kind::Tombstones => "tombstones",
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
        let is_one = |path: &Path| path.extension().is_some_and(|found| found == end);
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
