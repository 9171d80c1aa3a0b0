//! Limits for files that decompress or claim to more than anybody has written. Everything is counted while it is read.

use std::cell::Cell;
use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

use super::ReadError;
use crate::import::wire::SourceMessage;

/// Bytes of a conversation in our own format: 100,000 messages of one line have half of it.
pub(super) const CONVERSATION: u64 = 64 * 1024 * 1024;
/// Bytes of a `ChatGPT` conversation, whose text is in memory while it is read.
pub(super) const CHATGPT_CONVERSATION: u64 = 16 * 1024 * 1024;
/// Bytes of the manifest of an archive, enough for 50,000 files.
pub(super) const MANIFEST: u64 = 16 * 1024 * 1024;
/// Bytes of the JSON of one message.
pub(super) const MESSAGE: usize = 24 * 1024 * 1024;
/// Characters of one message, as everywhere.
const CHARACTERS: usize = 2_000_000;
/// Messages of a conversation, and nodes of its tree.
pub(super) const MESSAGES: usize = 200_000;
/// Parts, citations, thoughts or attachments of a message.
pub(super) const PARTS: usize = 10_000;
/// Assistants, knowledge bases and files of an archive, each.
pub(super) const ENTRIES: usize = 100_000;
/// Tags or knowledge bases of one object.
pub(super) const NAMES: usize = 1_000;

/// A limit was exceeded.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooMany(&'static str, usize);

impl TooMany {
    pub(super) fn new(what: &'static str, limit: usize) -> Self {
        Self(what, limit)
    }
}

impl fmt::Display for TooMany {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "it has more than {} {}", self.1, self.0)
    }
}

/// The approximate number of characters of a message.
pub(super) fn approximate_length(message: &SourceMessage) -> usize {
    let parts = message.content.parts.iter();
    let texts = parts.map(|part| part.text().len());
    let citations = message.content.citations.iter();
    let quotes = citations.map(|it| it.quote.len() + it.title.len() + it.location.len());
    texts.chain(quotes).sum()
}

/// Rejects a message that is too long.
pub(super) fn check_length(message: &SourceMessage) -> Result<(), TooMany> {
    match approximate_length(message) > CHARACTERS && count_characters(message) > CHARACTERS {
        true => Err(TooMany::new("characters in one message", CHARACTERS)),
        false => Ok(()),
    }
}

fn count_characters(message: &SourceMessage) -> usize {
    let parts = message.content.parts.iter();
    let texts = parts.map(|part| part.text().chars().count());
    let quotes = message
        .content
        .citations
        .iter()
        .map(|it| it.quote.chars().count());
    texts.chain(quotes).sum()
}

/// The number of bytes that may still be read; reset for each conversation.
#[derive(Clone)]
pub(super) struct Allowance {
    what: &'static str,
    limit: u64,
    left: Rc<Cell<u64>>,
}

impl Allowance {
    pub(super) fn new(what: &'static str, limit: u64) -> Self {
        let left = Rc::new(Cell::new(limit));
        Self { what, limit, left }
    }

    pub(super) fn reset(&self) {
        self.left.set(self.limit);
    }
}

pub(super) struct LimitedReader<R> {
    reader: R,
    allowance: Allowance,
}

impl<R> LimitedReader<R> {
    pub(super) fn new(reader: R, allowance: Allowance) -> Self {
        Self { reader, allowance }
    }
}

impl<R: Read> Read for LimitedReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Allowance { what, limit, left } = &self.allowance;
        if left.get() == 0 {
            return Err(io::Error::other(format!(
                "{what} has more than {limit} bytes"
            )));
        }
        let length = usize::try_from(left.get()).unwrap_or(usize::MAX);
        let length = length.min(buffer.len());
        let read = self.reader.read(&mut buffer[..length])?;
        left.set(left.get() - read as u64);
        Ok(read)
    }
}

/// Skips the byte order mark that some programs write.
pub(super) fn skip_byte_order_mark(mut reader: impl Read) -> Result<impl Read, ReadError> {
    const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
    let mut head = Vec::new();
    let read = reader
        .by_ref()
        .take(BYTE_ORDER_MARK.len() as u64)
        .read_to_end(&mut head);
    read.map_err(|error| super::unreadable(&error))?;
    if head == BYTE_ORDER_MARK {
        head.clear();
    }
    Ok(io::Cursor::new(head).chain(reader))
}

/// Bytes of an archive's directory, which takes several times as much memory. 300,000 entries fit.
const DIRECTORY_LIMIT: u64 = 32 * 1024 * 1024;
/// The end of an archive (APPNOTE 4.3.16), and the longest comment after it.
const END_RECORD: u64 = 22;
const COMMENT_LIMIT: u64 = 65_535;

/// Whether the directory of an archive is small enough, according to its end record; `true` if there is none.
pub(super) fn directory_fits(archive: &mut (impl Read + Seek)) -> io::Result<bool> {
    let size = archive.seek(SeekFrom::End(0))?;
    archive.seek(SeekFrom::Start(
        size.saturating_sub(END_RECORD + COMMENT_LIMIT),
    ))?;
    let mut tail = Vec::new();
    archive.read_to_end(&mut tail)?;
    let find = |signature: &[u8]| tail.windows(4).rposition(|window| window == signature);
    let number = |at: usize| {
        let bytes = tail.get(at..at + 4)?;
        Some(u64::from(u32::from_le_bytes(bytes.try_into().ok()?)))
    };
    let end = find(b"PK\x05\x06").and_then(|at| number(at + 12));
    Ok(match end {
        // In the ZIP64 record, as eight bytes, directly before the end (4.3.14).
        Some(0xffff_ffff) => find(b"PK\x06\x06")
            .and_then(|at| Some(number(at + 40)? | number(at + 44)? << 32))
            .is_some_and(|length| length <= DIRECTORY_LIMIT),
        Some(length) => length <= DIRECTORY_LIMIT,
        None => true,
    })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// An end record with the size of the directory.
    fn end(length: u32) -> Vec<u8> {
        let mut end = b"PK\x05\x06\0\0\0\0\x01\0\x01\0".to_vec();
        end.extend(length.to_le_bytes());
        end.extend([0; 6]);
        end
    }

    #[test]
    fn the_end_record_tells_whether_the_directory_is_too_large() {
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
