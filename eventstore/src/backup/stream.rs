//! Seals a byte stream in pieces, as for files (`files/seal.rs`): a modified, reordered or truncated stream does not
//! open.

use std::io::{self, BufRead, Read, Write};

use crate::files::seal::{PIECE, StreamSealer, TAG_LEN};
use crate::seal::vault::VaultError;

fn invalid(error: &VaultError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error.to_string())
}

/// Seals written bytes. Call [`finish`](Self::finish) to complete the stream.
pub(super) struct SealWriter<W> {
    out: W,
    sealer: StreamSealer,
    pending: Vec<u8>,
    index: u32,
}

impl<W: Write> SealWriter<W> {
    pub(super) fn new(out: W, sealer: StreamSealer) -> Self {
        let pending = Vec::with_capacity(2 * PIECE);
        Self {
            out,
            sealer,
            pending,
            index: 0,
        }
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        let piece = std::mem::take(&mut self.pending);
        self.seal(&piece, true)?;
        Ok(self.out)
    }

    fn seal(&mut self, piece: &[u8], last: bool) -> io::Result<()> {
        let sealed = self.sealer.seal(self.index, last, piece);
        self.out
            .write_all(&sealed.map_err(|error| invalid(&error))?)?;
        let next = self.index.checked_add(1);
        self.index = next.ok_or_else(|| io::Error::other("more than 256 TiB in one file"))?;
        Ok(())
    }
}

impl<W: Write> Write for SealWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        // The last piece is known only at the end.
        while self.pending.len() > PIECE {
            let rest = self.pending.split_off(PIECE);
            let piece = std::mem::replace(&mut self.pending, rest);
            self.seal(&piece, false)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Opens a sealed stream; fails if it was modified or truncated.
pub(super) struct SealReader<R> {
    input: R,
    sealer: StreamSealer,
    opened: Vec<u8>,
    at: usize,
    index: u32,
    ended: bool,
}

impl<R: BufRead> SealReader<R> {
    pub(super) fn new(input: R, sealer: StreamSealer) -> Self {
        Self {
            input,
            sealer,
            opened: Vec::new(),
            at: 0,
            index: 0,
            ended: false,
        }
    }

    fn next(&mut self) -> io::Result<()> {
        let mut sealed = Vec::with_capacity(PIECE + TAG_LEN);
        let most = (PIECE + TAG_LEN) as u64;
        self.input.by_ref().take(most).read_to_end(&mut sealed)?;
        self.ended = self.input.fill_buf()?.is_empty();
        let opened = self.sealer.open(self.index, self.ended, &sealed);
        let place = |_| {
            let text = format!("piece {} was modified, or the end is missing", self.index);
            io::Error::new(io::ErrorKind::InvalidData, text)
        };
        self.opened = opened.map_err(place)?;
        self.index += 1;
        self.at = 0;
        Ok(())
    }
}

impl<R: BufRead> Read for SealReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.opened.len() {
            if self.ended {
                return Ok(0);
            }
            self.next()?;
        }
        let count = buffer.len().min(self.opened.len() - self.at);
        buffer[..count].copy_from_slice(&self.opened[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}
