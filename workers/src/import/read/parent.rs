//! The connection to the server: requests ranges of the file, and sends what was found.

use std::cell::RefCell;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::rc::Rc;

use super::ReadError;
use crate::import::wire::{self, ReaderMessage, SourceConversation, SourceMessage};

/// Bytes that are requested at once.
const RANGE: u32 = 1024 * 1024;
/// Bytes of a chunk of a file.
const CHUNK: usize = 256 * 1024;
/// Messages, and their characters, that are sent at once.
const BATCH: usize = 200;
const CHARACTERS: usize = 512 * 1024;
/// The number of reasons that are sent in full; the server keeps fewer.
const REASONS: u64 = 1_000;

#[derive(Clone)]
pub(super) struct Parent(Rc<RefCell<Pipes>>);

struct Pipes {
    input: Box<dyn Read>,
    output: BufWriter<Box<dyn Write>>,
    rejections: u64,
    first_reason: Option<String>,
}

impl Parent {
    pub(super) fn new(input: Box<dyn Read>, output: Box<dyn Write>) -> Self {
        Self(Rc::new(RefCell::new(Pipes {
            input,
            output: BufWriter::new(output),
            rejections: 0,
            first_reason: None,
        })))
    }

    pub(super) fn send(&self, message: &ReaderMessage) -> io::Result<()> {
        wire::send_message(&mut self.0.borrow_mut().output, message)
    }

    pub(super) fn flush(&self) -> io::Result<()> {
        self.0.borrow_mut().output.flush()
    }

    fn request(&self, request: &ReaderMessage) -> io::Result<Vec<u8>> {
        self.send(request)?;
        self.read_response()
    }

    fn read_response(&self) -> io::Result<Vec<u8>> {
        self.flush()?;
        wire::read_response(&mut self.0.borrow_mut().input)
    }

    /// Opens the file that is imported.
    pub(super) fn open_file(&self) -> io::Result<RemoteFile> {
        let size = self.request(&ReaderMessage::Size)?;
        let size = size.try_into().map_err(|_| io::ErrorKind::InvalidData)?;
        Ok(RemoteFile {
            parent: self.clone(),
            size: u64::from_le_bytes(size),
            position: 0,
            buffer_start: 0,
            buffer: vec![],
        })
    }

    pub(super) fn has_file(&self, sha256: &str) -> io::Result<bool> {
        let sha256 = sha256.to_owned();
        Ok(self.request(&ReaderMessage::HasFile { sha256 })? == [1])
    }

    /// Sends a file; returns the digest under which it is stored, or `None` if it is not.
    pub(super) fn send_file(
        &self,
        (name, media_type): (&str, &str),
        bytes: &mut impl Read,
    ) -> io::Result<Option<String>> {
        self.send(&ReaderMessage::File {
            name: name.to_owned(),
            media_type: media_type.to_owned(),
        })?;
        let mut buffer = vec![0; CHUNK];
        loop {
            match bytes.read(&mut buffer) {
                Ok(0) => break,
                Ok(length) => {
                    wire::send_chunk(&mut self.0.borrow_mut().output, &buffer[..length])?;
                    if self.read_response()? != [1] {
                        return Ok(None);
                    }
                }
                Err(error) => {
                    self.send(&ReaderMessage::AbortFile)?;
                    self.reject("file", &format!("{name} could not be read: {error}"))?;
                    self.report_missing(name)?;
                    return Ok(None);
                }
            }
        }
        let digest = self.request(&ReaderMessage::FileEnd)?;
        Ok(String::from_utf8(digest).ok().filter(|it| !it.is_empty()))
    }

    /// Sends a conversation with all its messages.
    pub(super) fn send_conversation(
        &self,
        conversation: SourceConversation,
        messages: impl Iterator<Item = SourceMessage>,
    ) -> io::Result<()> {
        self.send(&ReaderMessage::Conversation(conversation))?;
        let (mut batch, mut characters) = (Vec::new(), 0);
        for message in messages {
            characters += super::limits::approximate_length(&message);
            batch.push(message);
            if batch.len() >= BATCH || characters >= CHARACTERS {
                self.send(&ReaderMessage::Messages(std::mem::take(&mut batch)))?;
                characters = 0;
            }
        }
        if !batch.is_empty() {
            self.send(&ReaderMessage::Messages(batch))?;
        }
        self.send(&ReaderMessage::EndConversation)
    }

    /// Reports something that cannot be imported; the rest continues.
    pub(super) fn reject(&self, what: &str, reason: &str) -> io::Result<()> {
        {
            let mut pipes = self.0.borrow_mut();
            pipes.rejections += 1;
            pipes.first_reason.get_or_insert_with(|| reason.to_owned());
        }
        let reason: String = match self.0.borrow().rejections > REASONS {
            true => "omitted after too many others".to_owned(),
            false => reason.chars().take(300).collect(),
        };
        let what = what.chars().take(200).collect();
        self.send(&ReaderMessage::Rejected { what, reason })
    }

    /// The reason of the first rejection.
    pub(super) fn first_reason(&self) -> Option<String> {
        self.0.borrow().first_reason.clone()
    }

    pub(super) fn report_missing(&self, name: &str) -> io::Result<()> {
        let name = name.chars().take(300).collect();
        self.send(&ReaderMessage::MissingFile { name })
    }

    pub(super) fn skip(&self, count: u64) -> io::Result<()> {
        match count {
            0 => Ok(()),
            count => self.send(&ReaderMessage::Skipped { count }),
        }
    }

    pub(super) fn finish(&self, result: Result<(), ReadError>) -> io::Result<()> {
        let message = match result {
            Ok(()) => ReaderMessage::Done,
            Err(ReadError::Unreadable(why)) => ReaderMessage::Unreadable(why),
            Err(ReadError::Disconnected(error)) => return Err(error),
        };
        self.send(&message)?;
        self.flush()
    }
}

/// The imported file, read through the server.
pub(super) struct RemoteFile {
    parent: Parent,
    size: u64,
    position: u64,
    /// The last range that was read, and where it starts.
    buffer_start: u64,
    buffer: Vec<u8>,
}

impl Clone for RemoteFile {
    fn clone(&self) -> Self {
        Self {
            parent: self.parent.clone(),
            size: self.size,
            position: self.position,
            buffer_start: 0,
            buffer: vec![],
        }
    }
}

impl RemoteFile {
    fn buffered(&self) -> &[u8] {
        let skip = self.position.checked_sub(self.buffer_start);
        let skip = skip.and_then(|skip| usize::try_from(skip).ok());
        skip.and_then(|skip| self.buffer.get(skip..))
            .unwrap_or_default()
    }
}

impl Read for RemoteFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.size || buffer.is_empty() {
            return Ok(0);
        }
        if self.buffered().is_empty() {
            let request = ReaderMessage::Read {
                position: self.position,
                length: RANGE,
            };
            self.buffer = self.parent.request(&request)?;
            self.buffer_start = self.position;
        }
        let buffered = self.buffered();
        let length = buffered.len().min(buffer.len());
        buffer[..length].copy_from_slice(&buffered[..length]);
        if length == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.position += length as u64;
        Ok(length)
    }
}

impl Seek for RemoteFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => self.size.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}
