//! Random access to a stored file, for archives.

use std::io::{self, Read, Seek, SeekFrom};

use bytes::Bytes;
use eventstore::Files;
use futures_util::TryStreamExt;
use projections::file::FileView;
use tokio::runtime::Handle;
use uuid::Uuid;

/// Bytes that are fetched at once.
pub(super) const STRETCH: u64 = 1024 * 1024;

pub(super) struct Stored {
    files: Files,
    id: Uuid,
    size: u64,
    runtime: Handle,
    at: u64,
    /// The chunks fetched last, and where they start.
    begun: u64,
    fetched: Vec<Bytes>,
}

impl Stored {
    /// Must be used outside the runtime.
    pub fn new(files: Files, file: &FileView, runtime: Handle) -> Self {
        Self {
            files,
            id: file.id,
            size: u64::try_from(file.size).unwrap_or(0),
            runtime,
            at: 0,
            begun: 0,
            fetched: vec![],
        }
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    /// The fetched bytes at the current position.
    fn here(&self) -> Option<&[u8]> {
        let mut begun = self.begun;
        for piece in &self.fetched {
            let end = begun + piece.len() as u64;
            if (begun..end).contains(&self.at) {
                let skip = usize::try_from(self.at - begun).unwrap_or(usize::MAX);
                return piece.get(skip..);
            }
            begun = end;
        }
        None
    }

    fn fetch(&mut self) -> io::Result<()> {
        let end = self.size.min(self.at + STRETCH);
        let fetched = self.runtime.block_on(async {
            let pieces = self.files.read(self.id, (self.at, end), self.size).await?;
            pieces.try_collect().await
        });
        self.fetched = fetched.map_err(io::Error::other)?;
        self.begun = self.at;
        Ok(())
    }
}

impl Read for Stored {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.size || buffer.is_empty() {
            return Ok(0);
        }
        if self.here().is_none() {
            self.fetch()?;
        }
        let here = self.here().unwrap_or_default();
        let taken = here.len().min(buffer.len());
        buffer[..taken].copy_from_slice(&here[..taken]);
        if taken == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.at += taken as u64;
        Ok(taken)
    }
}

impl Seek for Stored {
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
