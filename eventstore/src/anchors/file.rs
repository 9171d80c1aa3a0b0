//! Stores anchors outside of the database, one per line, in a file in the data folder.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::Anchor;

/// Maximum size of the file before old lines are removed.
const MAX_FILE_BYTES: u64 = 256 * 1024;
/// Number of lines to keep, in addition to those of restores.
const KEPT_LINES: usize = 200;

/// Reads the anchors of a file; none if it is missing. Incomplete lines are ignored.
pub(super) fn read(path: &Path) -> io::Result<Vec<Anchor>> {
    let text = match std::fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        text => text?,
    };
    let lines = text.split(|byte| *byte == b'\n');
    Ok(lines
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect())
}

/// Adds an anchor, durably.
pub(super) fn append(path: &Path, anchor: &Anchor) -> io::Result<()> {
    if std::fs::metadata(path).is_ok_and(|file| file.len() > MAX_FILE_BYTES) {
        shorten(path)?;
    }
    let mut file = open(path, OpenOptions::new().append(true))?;
    // Starts with a newline in case the previous line is incomplete.
    let line = format!("\n{}\n", serde_json::to_string(anchor)?);
    file.write_all(line.as_bytes())?;
    file.sync_all()
}

fn shorten(path: &Path) -> io::Result<()> {
    let anchors = read(path)?;
    let old = anchors.len().saturating_sub(KEPT_LINES);
    let partial = path.with_added_extension("part");
    let mut file = open(&partial, OpenOptions::new().write(true).truncate(true))?;
    for (n, anchor) in anchors.iter().enumerate() {
        if n >= old || anchor.restored {
            writeln!(file, "{}", serde_json::to_string(anchor)?)?;
        }
    }
    file.sync_all()?;
    std::fs::rename(&partial, path)
}

fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    options.create(true).mode(0o600).open(path)
}
