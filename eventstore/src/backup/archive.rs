//! One file of a backup: a readable first line, then a sealed tar. Written aside and renamed when whole.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::Value;
use tokio::sync::mpsc;

use super::stream::{SealReader, SealWriter};
use super::{BackupError, Contents, Entries, Entry, FORM, Head, Kind, Sink, UNDER_WAY, damaged};
use crate::files::seal::{HEAD, Sealer};
use crate::{MasterKey, RecordedEvent};

/// Bytes of the first line, at most.
const LINE: u64 = 4_096;
/// Bytes of one entry once unpacked, at most: far above what is written.
const ENTRY: u64 = 512 * 1024 * 1024;

/// A file of a backup whose first line was read.
#[derive(Debug, Clone)]
pub struct Archive {
    pub path: PathBuf,
    pub head: Head,
    /// The first line, byte for byte.
    line: Vec<u8>,
}

impl Archive {
    /// Reads the first line of a file.
    pub fn open(path: &Path) -> Result<Self, BackupError> {
        let other = || BackupError::NoBackup(path.display().to_string());
        let mut line = Vec::new();
        let file = File::open(path).map_err(|error| {
            BackupError::Unfit(format!("{} cannot be read: {error}", path.display()))
        })?;
        BufReader::new(file.take(LINE)).read_until(b'\n', &mut line)?;
        let head: Value = serde_json::from_slice(&line).map_err(|_| other())?;
        let form = head["convosphere_backup"].as_u64().ok_or_else(other)?;
        if form != u64::from(FORM) {
            return Err(BackupError::Form(u32::try_from(form).unwrap_or(u32::MAX)));
        }
        let head = serde_json::from_value(head).map_err(|_| other())?;
        Ok(Self {
            path: path.to_owned(),
            head,
            line,
        })
    }

    /// The entries, as they are opened on a thread of their own.
    pub(super) fn entries(&self, master: &MasterKey) -> Result<Entries, BackupError> {
        let found = master.fingerprint();
        if found != self.head.master {
            let expected = self.head.master.clone();
            return Err(BackupError::OtherMasterKey { expected, found });
        }
        let (sender, receiver) = mpsc::channel(UNDER_WAY);
        let (archive, master) = (self.clone(), master.clone());
        tokio::task::spawn_blocking(move || {
            if let Err(error) = archive.read(&master, &sender) {
                // Who asked may have gone.
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
        let mut head = [0; HEAD];
        input.read_exact(&mut head)?;
        let key = master.backup_key(self.head.log_id, &self.line);
        let sealer = Sealer::of(&key, self.head.id, &head).ok_or_else(|| damaged("its head"))?;
        let mut tar = tar::Archive::new(SealReader::new(input, sealer));
        for entry in tar.entries()? {
            let mut entry = entry?;
            let name = entry.path()?.display().to_string();
            let mut bytes = Vec::new();
            entry.by_ref().take(ENTRY).read_to_end(&mut bytes)?;
            let read = decode(&name, bytes)?;
            if sink.blocking_send(Ok(read)).is_err() {
                return Ok(());
            }
        }
        // What is left is padding; reading it shows that the end is there.
        io::copy(&mut tar.into_inner(), &mut io::sink())?;
        Ok(())
    }
}

/// Writes a file from entries, on a thread of its own, until the one that ends it. Nothing is at `path` before it is
/// whole and durable.
pub(super) fn write(
    path: &Path,
    head: Head,
    master: &MasterKey,
) -> (Sink, tokio::task::JoinHandle<Result<(), BackupError>>) {
    let (sender, receiver) = mpsc::channel(UNDER_WAY);
    let (path, master) = (path.to_owned(), master.clone());
    let task = tokio::task::spawn_blocking(move || {
        let aside = aside(&path);
        let written = write_aside(&aside, &head, &master, receiver)
            .and_then(|()| Ok(std::fs::rename(&aside, &path)?));
        if written.is_err() {
            // There may be nothing to remove.
            let _ = std::fs::remove_file(&aside);
            return written;
        }
        match path.parent() {
            Some(folder) => Ok(File::open(folder)?.sync_all()?),
            None => Ok(()),
        }
    });
    (sender, task)
}

/// Where a file lies until it is whole.
pub(super) fn aside(path: &Path) -> PathBuf {
    path.with_added_extension("part")
}

fn write_aside(
    path: &Path,
    head: &Head,
    master: &MasterKey,
    mut entries: mpsc::Receiver<Entry>,
) -> Result<(), BackupError> {
    // What was left half written goes; a link that somebody put there is not followed.
    let _ = std::fs::remove_file(path);
    let mut options = File::options();
    let file = options.write(true).create_new(true).mode(0o600);
    let mut out = BufWriter::with_capacity(256 * 1024, file.open(path)?);
    let mut line = serde_json::to_vec(head).map_err(io::Error::from)?;
    line.push(b'\n');
    let key = master.backup_key(head.log_id, &line);
    let (sealer, begin) = Sealer::begin(&key, head.id).map_err(io::Error::other)?;
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
    Err(BackupError::BrokenOff)
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
    let strange = || damaged(format!("what {name} is, is not known"));
    let (area, rest) = name.split_once('/').unwrap_or((name, ""));
    Ok(match area {
        "events" => {
            let mut events = Vec::new();
            for line in unpack(&bytes)?.split(|byte| *byte == b'\n') {
                if line.is_empty() {
                    continue;
                }
                let line = serde_json::from_slice(line).map_err(|_| strange())?;
                events.push(RecordedEvent::from_line(&line).ok_or_else(strange)?);
            }
            Entry::Events(events)
        }
        "tables" => {
            let (table, _) = rest.split_once('/').ok_or_else(strange)?;
            let text = unpack(&bytes)?;
            let end = text.iter().position(|byte| *byte == b'\n');
            let (columns, rows) = text.split_at(end.ok_or_else(strange)?);
            let columns = String::from_utf8_lossy(columns);
            Entry::Rows {
                table: table.to_owned(),
                columns: columns.split('\t').map(str::to_owned).collect(),
                rows: rows[1..].to_vec(),
            }
        }
        "files" => {
            let (path, piece) = rest.rsplit_once('/').ok_or_else(strange)?;
            Entry::Piece {
                path: path.to_owned(),
                bytes: Bytes::from(bytes),
                last: piece.contains(".end"),
            }
        }
        "manifest.json" => {
            let contents: Contents = serde_json::from_slice(&bytes).map_err(|_| strange())?;
            Entry::End(contents)
        }
        _ => return Err(strange()),
    })
}

fn pack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes)?;
    packed.finish()
}

fn unpack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    GzDecoder::new(bytes).take(ENTRY).read_to_end(&mut text)?;
    Ok(text)
}

impl Head {
    /// Of a new file.
    pub(super) fn new(kind: Kind, of: &super::cut::Cut, master: &MasterKey) -> Self {
        Self {
            convosphere_backup: FORM,
            kind,
            id: of.id,
            log_id: of.log.id,
            format: crate::log::FORMAT,
            master: master.fingerprint(),
            position: of.position,
            hash: crate::chain::hex(&of.hash),
            made_at: of.made_at,
        }
    }
}
