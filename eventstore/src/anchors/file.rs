//! The anchors outside of the database: a line each in a file of the data folder.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::Anchor;

/// The file is shortened when it is larger.
const LARGEST: u64 = 256 * 1024;
/// Lines that are kept then; those of restores are kept besides.
const KEPT: usize = 200;

/// The anchors of a file; none where it is missing. A line that was not written to its end is none.
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
    if std::fs::metadata(path).is_ok_and(|file| file.len() > LARGEST) {
        shorten(path)?;
    }
    let mut file = open(path, OpenOptions::new().append(true))?;
    // Begins a line of its own also after one that was broken off.
    let line = format!("\n{}\n", serde_json::to_string(anchor)?);
    file.write_all(line.as_bytes())?;
    file.sync_all()
}

fn shorten(path: &Path) -> io::Result<()> {
    let anchors = read(path)?;
    let old = anchors.len().saturating_sub(KEPT);
    let aside = path.with_added_extension("part");
    let mut file = open(&aside, OpenOptions::new().write(true).truncate(true))?;
    for (n, anchor) in anchors.iter().enumerate() {
        if n >= old || anchor.restored {
            writeln!(file, "{}", serde_json::to_string(anchor)?)?;
        }
    }
    file.sync_all()?;
    std::fs::rename(&aside, path)
}

fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    options.create(true).mode(0o600).open(path)
}
