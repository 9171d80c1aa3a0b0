//! Backups: everything that cannot be derived, as it was at one position of the log, in sealed files.
//!
//! A backup is an archive (the log, the tables that are no read models, the sealed bytes of files) and, apart from it, a
//! key ring (the wrapped keys). Keys are only ever made or destroyed, so that the newest ring opens every archive of its
//! log but for what was erased since: old rings are removed, and erasures reach the archives that way. Neither holds
//! the master key, without which neither opens. `docs/BACKUP.md` fixes the form.

mod apply;
mod archive;
mod check;
mod copy_text;
mod cut;
mod folder;
mod restore;
mod stream;
mod take;

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

pub use apply::{copy_to, holds};
pub use archive::Archive;
pub use cut::OWN_TABLES;
pub use folder::{Backup, Folder, Kept};
pub use restore::{Plan, Restored};
pub use take::{Taken, keep_tombstones, take};

/// The form that this code reads and writes.
const FORM: u32 = 1;
/// Entries on their way from who reads them to who writes them.
const UNDER_WAY: usize = 4;

/// What a file of a backup is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Archive,
    Keys,
    /// The subjects whose keys were destroyed, kept up to date beside the backups.
    Tombstones,
}

/// The first line of a file, readable without a key. What follows opens only under this very line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub convosphere_backup: u32,
    pub kind: Kind,
    pub id: Uuid,
    pub log_id: Uuid,
    pub format: i32,
    /// The fingerprint of the master key.
    pub master: String,
    /// The last position of the log that is in it.
    pub position: i64,
    /// Its hash, in hex.
    pub hash: String,
    pub made_at: DateTime<Utc>,
}

/// A piece of what a backup holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Events that follow each other.
    Events(Vec<RecordedEvent>),
    /// Rows of a table in the text form of PostgreSQL's COPY.
    Rows {
        table: String,
        columns: Vec<String>,
        rows: Vec<u8>,
    },
    /// A stretch of a sealed object of the store of files; those of one object follow each other.
    Piece {
        path: String,
        bytes: Bytes,
        last: bool,
    },
    /// Stands at the end: what was before it.
    End(Contents),
}

/// How much a file holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    pub events: i64,
    /// Rows of each table.
    pub rows: BTreeMap<String, u64>,
    pub files: u64,
    /// Bytes of the files.
    pub bytes: u64,
}

/// Where entries are sent.
type Sink = mpsc::Sender<Entry>;
/// Where they come from.
type Entries = mpsc::Receiver<Result<Entry, BackupError>>;

/// Why a backup could not be made, verified or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{0} is no backup of ConvoSphere")]
    NoBackup(String),
    #[error("it has form {0}, and this version reads form 1: use a newer version")]
    Form(u32),
    #[error(
        "it was made under the master key {expected}, and this one is {found}: put the right key file in place"
    )]
    OtherMasterKey { expected: String, found: String },
    #[error("it is damaged: {0}; nothing was touched")]
    Damaged(String),
    #[error("{0}")]
    Unfit(String),
    #[error("the disk is full; what was half written is removed")]
    Full,
    #[error("what was read out of the installation broke off")]
    BrokenOff,
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

/// Sends an entry on. Who should take it has given up where this fails, and says why itself.
async fn send(sink: &Sink, entry: Entry) -> Result<(), BackupError> {
    sink.send(entry).await.map_err(|_| BackupError::BrokenOff)
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
