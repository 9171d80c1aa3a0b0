//! A reader that stops a file that unpacks to more than anybody has said.

use std::cell::Cell;
use std::io::{self, Read};
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
