//! The connection to the server: requests ranges of the file, and sends what was found.

use std::cell::RefCell;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::rc::Rc;

use super::Fault;
use crate::import::wire::{self, Heard, HeardMessage, Told};

/// Bytes that are requested at once.
const STRETCH: u32 = 1024 * 1024;
/// Bytes of a chunk of a file.
const PIECE: usize = 256 * 1024;
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
    refusals: u64,
    first: Option<String>,
}

impl Parent {
    pub fn new(input: Box<dyn Read>, output: Box<dyn Write>) -> Self {
        Self(Rc::new(RefCell::new(Pipes {
            input,
            output: BufWriter::new(output),
            refusals: 0,
            first: None,
        })))
    }

    pub fn tell(&self, told: &Told) -> io::Result<()> {
        wire::tell(&mut self.0.borrow_mut().output, told)
    }

    pub fn flush(&self) -> io::Result<()> {
        self.0.borrow_mut().output.flush()
    }

    fn ask(&self, question: &Told) -> io::Result<Vec<u8>> {
        self.tell(question)?;
        self.answer()
    }

    fn answer(&self) -> io::Result<Vec<u8>> {
        self.flush()?;
        wire::hear(&mut self.0.borrow_mut().input)
    }

    /// Opens the file that is imported.
    pub fn file(&self) -> io::Result<Source> {
        let size = self.ask(&Told::Size)?;
        let size = size.try_into().map_err(|_| io::ErrorKind::InvalidData)?;
        Ok(Source {
            parent: self.clone(),
            size: u64::from_le_bytes(size),
            at: 0,
            begun: 0,
            stretch: vec![],
        })
    }

    pub fn has_file(&self, sha256: &str) -> io::Result<bool> {
        let sha256 = sha256.to_owned();
        Ok(self.ask(&Told::HasFile { sha256 })? == [1])
    }

    /// Sends a file; returns the digest under which it is stored, or `None` if it is not.
    pub fn keep_file(
        &self,
        (name, media_type): (&str, &str),
        bytes: &mut impl Read,
    ) -> io::Result<Option<String>> {
        self.tell(&Told::File {
            name: name.to_owned(),
            media_type: media_type.to_owned(),
        })?;
        let mut buffer = vec![0; PIECE];
        loop {
            match bytes.read(&mut buffer) {
                Ok(0) => break,
                Ok(length) => {
                    wire::tell_piece(&mut self.0.borrow_mut().output, &buffer[..length])?;
                    if self.answer()? != [1] {
                        return Ok(None);
                    }
                }
                Err(error) => {
                    self.tell(&Told::GiveUpFile)?;
                    self.refuse("file", &format!("{name} could not be read: {error}"))?;
                    self.miss(name)?;
                    return Ok(None);
                }
            }
        }
        let digest = self.ask(&Told::FileEnd)?;
        Ok(String::from_utf8(digest).ok().filter(|it| !it.is_empty()))
    }

    /// Sends a conversation with all its messages.
    pub fn conversation(
        &self,
        heard: Heard,
        messages: impl Iterator<Item = HeardMessage>,
    ) -> io::Result<()> {
        self.tell(&Told::Conversation(heard))?;
        let (mut batch, mut characters) = (Vec::new(), 0);
        for message in messages {
            characters += super::limits::length(&message);
            batch.push(message);
            if batch.len() >= BATCH || characters >= CHARACTERS {
                self.tell(&Told::Messages(std::mem::take(&mut batch)))?;
                characters = 0;
            }
        }
        if !batch.is_empty() {
            self.tell(&Told::Messages(batch))?;
        }
        self.tell(&Told::EndConversation)
    }

    /// Reports something that cannot be imported; the rest continues.
    pub fn refuse(&self, what: &str, reason: &str) -> io::Result<()> {
        {
            let mut pipes = self.0.borrow_mut();
            pipes.refusals += 1;
            pipes.first.get_or_insert_with(|| reason.to_owned());
        }
        let reason: String = match self.0.borrow().refusals > REASONS {
            true => "as others before".to_owned(),
            false => reason.chars().take(300).collect(),
        };
        let what = what.chars().take(200).collect();
        self.tell(&Told::Refuse { what, reason })
    }

    /// The reason of the first rejection.
    pub fn first_reason(&self) -> Option<String> {
        self.0.borrow().first.clone()
    }

    pub fn miss(&self, name: &str) -> io::Result<()> {
        let name = name.chars().take(300).collect();
        self.tell(&Told::Missing { name })
    }

    pub fn leave_out(&self, count: u64) -> io::Result<()> {
        match count {
            0 => Ok(()),
            count => self.tell(&Told::LeaveOut { count }),
        }
    }

    pub fn end(&self, read: Result<(), Fault>) -> io::Result<()> {
        let told = match read {
            Ok(()) => Told::Done,
            Err(Fault::Unreadable(why)) => Told::Unreadable(why),
            Err(Fault::Gone(error)) => return Err(error),
        };
        self.tell(&told)?;
        self.flush()
    }
}

/// The imported file, read through the server.
pub(super) struct Source {
    parent: Parent,
    size: u64,
    at: u64,
    /// The last range that was read, and where it starts.
    begun: u64,
    stretch: Vec<u8>,
}

impl Clone for Source {
    fn clone(&self) -> Self {
        Self {
            parent: self.parent.clone(),
            size: self.size,
            at: self.at,
            begun: 0,
            stretch: vec![],
        }
    }
}

impl Source {
    fn here(&self) -> &[u8] {
        let skip = self.at.checked_sub(self.begun);
        let skip = skip.and_then(|skip| usize::try_from(skip).ok());
        skip.and_then(|skip| self.stretch.get(skip..))
            .unwrap_or_default()
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.size || buffer.is_empty() {
            return Ok(0);
        }
        if self.here().is_empty() {
            let question = Told::Read {
                at: self.at,
                length: STRETCH,
            };
            self.stretch = self.parent.ask(&question)?;
            self.begun = self.at;
        }
        let here = self.here();
        let taken = here.len().min(buffer.len());
        buffer[..taken].copy_from_slice(&here[..taken]);
        if taken == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.at += taken as u64;
        Ok(taken)
    }
}

impl Seek for Source {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
