//! A backup file: a readable header line, then a sealed tar. Written to a temporary name and renamed when complete.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::Value;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::stream::{SealReader, SealWriter};
use super::{
    BackupError, BackupHeader, Contents, Entries, Entry, FORM, FileKind, QUEUE, Sink, damaged,
};
use crate::files::seal::{HEADER_LEN, StreamSealer};
use crate::{MasterKey, RecordedEvent};

/// Maximum length of the header line.
const MAX_HEADER_LINE: u64 = 4_096;
/// Maximum unpacked size of an entry, far above the sizes written here.
const MAX_ENTRY_BYTES: u64 = 512 * 1024 * 1024;

/// A backup file and its header.
#[derive(Debug, Clone)]
pub struct Archive {
    pub path: PathBuf,
    pub head: BackupHeader,
    /// The first line, byte for byte.
    line: Vec<u8>,
}

impl Archive {
    /// Opens a file and reads its header.
    pub fn open(path: &Path) -> Result<Self, BackupError> {
        let not_a_backup = || BackupError::NotABackup(path.display().to_string());
        let mut line = Vec::new();
        let file = File::open(path).map_err(|error| {
            BackupError::Unusable(format!("cannot read {}: {error}", path.display()))
        })?;
        BufReader::new(file.take(MAX_HEADER_LINE)).read_until(b'\n', &mut line)?;
        let head: Value = serde_json::from_slice(&line).map_err(|_| not_a_backup())?;
        let form = head["convosphere_backup"]
            .as_u64()
            .ok_or_else(not_a_backup)?;
        if form != u64::from(FORM) {
            return Err(BackupError::Form(u32::try_from(form).unwrap_or(u32::MAX)));
        }
        let head = serde_json::from_value(head).map_err(|_| not_a_backup())?;
        Ok(Self {
            path: path.to_owned(),
            head,
            line,
        })
    }

    /// Reads the entries on a separate thread.
    pub(super) fn entries(&self, master: &MasterKey) -> Result<Entries, BackupError> {
        let found = master.fingerprint();
        if found != self.head.master {
            let expected = self.head.master.clone();
            return Err(BackupError::OtherMasterKey { expected, found });
        }
        let (sender, receiver) = mpsc::channel(QUEUE);
        let (archive, master) = (self.clone(), master.clone());
        tokio::task::spawn_blocking(move || {
            if let Err(error) = archive.read(&master, &sender) {
                // The receiver may be gone.
                let _ = sender.blocking_send(Err(error));
            }
        });
        Ok(receiver)
    }

    fn read(
        &self,
        master: &MasterKey,
        sink: &mpsc::Sender<Result<Entry, BackupError>>,
    ) -> Result<(), BackupError> {
        let mut input = BufReader::with_capacity(256 * 1024, File::open(&self.path)?);
        input.seek_relative(i64::try_from(self.line.len()).unwrap_or(0))?;
        let mut head = [0; HEADER_LEN];
        input.read_exact(&mut head)?;
        let key = master.backup_key(self.head.log_id, &self.line);
        let sealer = StreamSealer::from_header(&key, self.head.id, &head)
            .ok_or_else(|| damaged("the header is incomplete"))?;
        let mut tar = tar::Archive::new(SealReader::new(input, sealer));
        for entry in tar.entries()? {
            let mut entry = entry?;
            let name = entry.path()?.display().to_string();
            let mut bytes = Vec::new();
            entry
                .by_ref()
                .take(MAX_ENTRY_BYTES)
                .read_to_end(&mut bytes)?;
            let read = decode(&name, bytes)?;
            if sink.blocking_send(Ok(read)).is_err() {
                return Ok(());
            }
        }
        // The rest is padding; reading it verifies that the file is not truncated.
        io::copy(&mut tar.into_inner(), &mut io::sink())?;
        Ok(())
    }
}

/// Writes entries to a file on a separate thread, up to `Entry::End`. Nothing exists at `path` before the file is
/// complete and durable.
pub(super) fn write(
    path: &Path,
    head: BackupHeader,
    master: &MasterKey,
) -> (Sink, tokio::task::JoinHandle<Result<(), BackupError>>) {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let (path, master) = (path.to_owned(), master.clone());
    let task = tokio::task::spawn_blocking(move || {
        let partial_path = partial_path(&path);
        let written = write_partial(&partial_path, &head, &master, receiver)
            .and_then(|()| Ok(std::fs::rename(&partial_path, &path)?));
        if written.is_err() {
            // The file may not exist.
            let _ = std::fs::remove_file(&partial_path);
            return written;
        }
        match path.parent() {
            Some(folder) => Ok(File::open(folder)?.sync_all()?),
            None => Ok(()),
        }
    });
    (sender, task)
}

/// The temporary path of an incomplete file.
pub(super) fn partial_path(path: &Path) -> PathBuf {
    path.with_added_extension("part")
}

fn write_partial(
    path: &Path,
    head: &BackupHeader,
    master: &MasterKey,
    mut entries: mpsc::Receiver<Entry>,
) -> Result<(), BackupError> {
    // Removes leftovers; `create_new` does not follow a planted link.
    let _ = std::fs::remove_file(path);
    let mut options = File::options();
    let file = options.write(true).create_new(true).mode(0o600);
    let mut out = BufWriter::with_capacity(256 * 1024, file.open(path)?);
    let mut line = serde_json::to_vec(head).map_err(io::Error::from)?;
    line.push(b'\n');
    let key = master.backup_key(head.log_id, &line);
    let (sealer, begin) = StreamSealer::create(&key, head.id).map_err(io::Error::other)?;
    out.write_all(&line)?;
    out.write_all(&begin)?;
    let mut tar = tar::Builder::new(SealWriter::new(out, sealer));
    let mut written = 0;
    while let Some(entry) = entries.blocking_recv() {
        written += 1;
        let (name, bytes) = encode(written, &entry)?;
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        tar.append_data(&mut header, name, bytes.as_slice())?;
        if matches!(entry, Entry::End(_)) {
            let out = tar.into_inner()?.finish()?;
            let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
            return Ok(file.sync_all()?);
        }
    }
    Err(BackupError::Interrupted)
}

/// Name and bytes of an entry, the n-th of its file.
fn encode(n: u64, entry: &Entry) -> Result<(String, Vec<u8>), BackupError> {
    Ok(match entry {
        Entry::Events(events) => {
            let mut lines = Vec::new();
            for event in events {
                lines.extend(event.to_line().to_string().into_bytes());
                lines.push(b'\n');
            }
            let first = events.first().map_or(0, |event| event.position);
            (format!("events/{first:020}.jsonl.gz"), pack(&lines)?)
        }
        Entry::Rows {
            table,
            columns,
            rows,
        } => {
            let text = [columns.join("\t").as_bytes(), b"\n", rows].concat();
            (format!("tables/{table}/{n:012}.tsv.gz"), pack(&text)?)
        }
        Entry::Piece { path, bytes, last } => {
            let end = if *last { ".end" } else { "" };
            (format!("files/{path}/{n:012}{end}"), bytes.to_vec())
        }
        Entry::End(contents) => {
            let text = serde_json::to_vec_pretty(contents).map_err(io::Error::from)?;
            ("manifest.json".to_owned(), text)
        }
    })
}

fn decode(name: &str, bytes: Vec<u8>) -> Result<Entry, BackupError> {
    let unknown = || damaged(format!("unknown entry {name}"));
    let (area, rest) = name.split_once('/').unwrap_or((name, ""));
    Ok(match area {
        "events" => {
            let mut events = Vec::new();
            for line in unpack(&bytes)?.split(|byte| *byte == b'\n') {
                if line.is_empty() {
                    continue;
                }
                let line = serde_json::from_slice(line).map_err(|_| unknown())?;
                events.push(RecordedEvent::from_line(&line).ok_or_else(unknown)?);
            }
            Entry::Events(events)
        }
        "tables" => {
            let (table, _) = rest.split_once('/').ok_or_else(unknown)?;
            let text = unpack(&bytes)?;
            let end = text.iter().position(|byte| *byte == b'\n');
            let (columns, rows) = text.split_at(end.ok_or_else(unknown)?);
            let columns = String::from_utf8_lossy(columns);
            Entry::Rows {
                table: table.to_owned(),
                columns: columns.split('\t').map(str::to_owned).collect(),
                rows: rows[1..].to_vec(),
            }
        }
        "files" => {
            let (path, piece) = rest.rsplit_once('/').ok_or_else(unknown)?;
            Entry::Piece {
                path: path.to_owned(),
                bytes: Bytes::from(bytes),
                last: piece.contains(".end"),
            }
        }
        "manifest.json" => {
            let contents: Contents = serde_json::from_slice(&bytes).map_err(|_| unknown())?;
            Entry::End(contents)
        }
        _ => return Err(unknown()),
    })
}

fn pack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes)?;
    packed.finish()
}

fn unpack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    GzDecoder::new(bytes)
        .take(MAX_ENTRY_BYTES)
        .read_to_end(&mut text)?;
    Ok(text)
}

impl BackupHeader {
    /// The header of a new file.
    pub(super) fn new(
        kind: FileKind,
        of: &super::source::SourceSnapshot,
        master: &MasterKey,
        (id, made_at): (Uuid, DateTime<Utc>),
    ) -> Self {
        Self {
            convosphere_backup: FORM,
            kind,
            id,
            log_id: of.log.id,
            format: crate::log::FORMAT,
            master: master.fingerprint(),
            position: of.position,
            hash: hex::encode(&of.hash),
            made_at,
        }
    }
}
