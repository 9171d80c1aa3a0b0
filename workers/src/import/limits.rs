//! What stops a file that unpacks to more than anybody has said, or tells of more entries than anybody has.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

/// Bytes of one conversation, or of a manifest, at most.
pub(super) const AT_ONCE: u64 = 128 * 1024 * 1024;

/// Bytes that may still be read; given anew with each conversation.
#[derive(Clone)]
pub(super) struct Allowance(Rc<Cell<u64>>);

impl Allowance {
    pub fn new() -> Self {
        Self(Rc::new(Cell::new(AT_ONCE)))
    }

    pub fn renew(&self) {
        self.0.set(AT_ONCE);
    }
}

pub(super) struct Limited<R> {
    reader: R,
    left: Allowance,
}

impl<R> Limited<R> {
    pub fn new(reader: R, left: Allowance) -> Self {
        Self { reader, left }
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.0.get();
        if left == 0 {
            return Err(io::Error::other(format!(
                "a conversation has more than {AT_ONCE} bytes"
            )));
        }
        let most = usize::try_from(left)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let read = self.reader.read(&mut buffer[..most])?;
        self.left.0.set(left - read as u64);
        Ok(read)
    }
}

/// Bytes of an archive's directory, at most: it is held in memory, several times as large. 300,000 entries have so much.
const DIRECTORY: u64 = 32 * 1024 * 1024;
/// The end of an archive (APPNOTE 4.3.16), and the longest comment that comes after it.
const END: u64 = 22;
const COMMENT: u64 = 65_535;

/// Whether the directory of an archive can be read, as its end tells of it; one that has no end is none.
pub(super) fn directory_fits(archive: &mut (impl Read + Seek)) -> io::Result<bool> {
    let size = archive.seek(SeekFrom::End(0))?;
    archive.seek(SeekFrom::Start(size.saturating_sub(END + COMMENT)))?;
    let mut tail = Vec::new();
    archive.read_to_end(&mut tail)?;
    let found = |sign: &[u8]| tail.windows(4).rposition(|window| window == sign);
    let number = |at: usize| {
        let bytes = tail.get(at..at + 4)?;
        Some(u64::from(u32::from_le_bytes(bytes.try_into().ok()?)))
    };
    let end = found(b"PK\x05\x06").and_then(|at| number(at + 12));
    Ok(match end {
        // Told elsewhere, in eight bytes, right before the end as every program writes it (4.3.14).
        Some(0xffff_ffff) => found(b"PK\x06\x06")
            .and_then(|at| Some(number(at + 40)? | number(at + 44)? << 32))
            .is_some_and(|length| length <= DIRECTORY),
        Some(length) => length <= DIRECTORY,
        None => true,
    })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// An end that tells of a directory.
    fn end(length: u32) -> Vec<u8> {
        let mut end = b"PK\x05\x06\0\0\0\0\x01\0\x01\0".to_vec();
        end.extend(length.to_le_bytes());
        end.extend([0; 6]);
        end
    }

    #[test]
    fn a_directory_that_is_too_large_is_told_by_the_end_of_the_archive() {
        let fits = |bytes: Vec<u8>| directory_fits(&mut Cursor::new(bytes)).unwrap();
        assert!(fits(end(1_000)));
        assert!(!fits(end(1 << 30)));
        assert!(fits(b"no archive".to_vec()));
        let mut large = b"PK\x06\x06".to_vec();
        large.extend([0; 36]);
        large.extend((1_u64 << 33).to_le_bytes());
        large.extend(end(u32::MAX));
        assert!(!fits(large));
    }
}
