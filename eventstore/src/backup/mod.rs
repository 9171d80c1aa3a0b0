//! Backups: all data that cannot be derived, as of one position of the log, in sealed files.
//!
//! A backup is an archive (the log, the tables that are not read models, the sealed files) and a separate key ring (the
//! wrapped keys). Keys are only ever created or destroyed, so the newest ring opens every archive of its log, except
//! for data erased since; removing old rings applies erasures to archives. Neither contains the master key, which both
//! require. `docs/BACKUP.md` defines the format.

mod apply;
mod archive;
mod check;
mod copy_text;
mod create;
mod folder;
mod restore;
mod source;
mod stream;

use std::collections::BTreeMap;
use std::io;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::RecordedEvent;
use crate::anchors::AnchorError;
use crate::files::FilesError;
use crate::log::LogError;

pub use apply::{copy_to, find_log};
pub use archive::Archive;
pub use create::{CreatedBackup, create, write_tombstones};
pub use folder::{Backup, Folder, Retention};
pub use restore::{RestorePlan, RestoredBackup};
pub use source::OWN_TABLES;

/// The backup format that this code reads and writes.
const FORM: u32 = 1;
/// Capacity of the channel between reader and writer.
const QUEUE: usize = 4;

/// The kind of a backup file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    Archive,
    Keys,
    /// The subjects whose keys were destroyed, kept up to date beside the backups.
    Tombstones,
}

/// The header line of a file, readable without a key. The rest is bound to this exact line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupHeader {
    pub convosphere_backup: u32,
    pub kind: FileKind,
    pub id: Uuid,
    pub log_id: Uuid,
    pub format: i32,
    /// The fingerprint of the master key.
    pub master: String,
    /// The last position in it.
    pub position: i64,
    /// Its hash, in hex.
    pub hash: String,
    pub made_at: DateTime<Utc>,
}

/// A part of a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Consecutive events.
    Events(Vec<RecordedEvent>),
    /// Rows of a table in the text form of PostgreSQL's COPY.
    Rows {
        table: String,
        columns: Vec<String>,
        rows: Vec<u8>,
    },
    /// A part of a sealed object of the file store; those of one object are consecutive.
    Piece {
        path: String,
        bytes: Bytes,
        last: bool,
    },
    /// The last entry: a summary of the others.
    End(Contents),
}

/// A summary of a file's contents.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    pub events: i64,
    /// Rows of each table.
    pub rows: BTreeMap<String, u64>,
    pub files: u64,
    /// Bytes of the files.
    pub bytes: u64,
}

/// The writing end.
type Sink = mpsc::Sender<Entry>;
/// The reading end.
type Entries = mpsc::Receiver<Result<Entry, BackupError>>;

/// Why a backup could not be created, verified or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{0} is not a ConvoSphere backup")]
    NotABackup(String),
    #[error("the backup has format {0}, and this version reads format 1; use a newer version")]
    Form(u32),
    #[error(
        "the backup was created under the master key {expected}, and this one is {found}; put the right key file in place"
    )]
    OtherMasterKey { expected: String, found: String },
    #[error("the backup is damaged: {0}; nothing was changed")]
    Damaged(String),
    #[error("{0}")]
    Unusable(String),
    #[error("the disk is full; the partial file was removed")]
    Full,
    #[error("reading the installation was interrupted")]
    Interrupted,
    #[error(transparent)]
    Io(io::Error),
    #[error(transparent)]
    Files(#[from] FilesError),
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Anchors(#[from] AnchorError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<io::Error> for BackupError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
                Self::Damaged(error.to_string())
            }
            _ => Self::Io(error),
        }
    }
}

fn damaged(what: impl Into<String>) -> BackupError {
    BackupError::Damaged(what.into())
}

/// Sends an entry. On failure the receiver has stopped and reports the reason itself.
async fn send(sink: &Sink, entry: Entry) -> Result<(), BackupError> {
    sink.send(entry).await.map_err(|_| BackupError::Interrupted)
}

impl Contents {
    fn count(&mut self, entry: &Entry) {
        match entry {
            Entry::Events(events) => self.events += i64::try_from(events.len()).unwrap_or(i64::MAX),
            Entry::Rows { table, rows, .. } => {
                *self.rows.entry(table.clone()).or_default() += copy_text::count(rows);
            }
            Entry::Piece { bytes, last, .. } => {
                self.files += u64::from(*last);
                self.bytes += bytes.len() as u64;
            }
            Entry::End(_) => {}
        }
    }
}
