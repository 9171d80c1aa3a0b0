//! Random access to a stored file, for archives.

use std::io::{self, Read, Seek, SeekFrom};

use bytes::Bytes;
use eventstore::Files;
use futures_util::TryStreamExt;
use projections::file::FileView;
use tokio::runtime::Handle;
use uuid::Uuid;

/// Bytes that are fetched at once.
pub(super) const RANGE_LIMIT: u64 = 1024 * 1024;

pub(super) struct StoredFile {
    files: Files,
    id: Uuid,
    size: u64,
    runtime: Handle,
    position: u64,
    /// The chunks fetched last, and where they start.
    start: u64,
    chunks: Vec<Bytes>,
}

impl StoredFile {
    /// Must be used outside the runtime.
    pub(super) fn new(files: Files, file: &FileView, runtime: Handle) -> Self {
        Self {
            files,
            id: file.id,
            size: u64::try_from(file.size).unwrap_or(0),
            runtime,
            position: 0,
            start: 0,
            chunks: vec![],
        }
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// The fetched bytes at the current position.
    fn buffered(&self) -> Option<&[u8]> {
        let mut start = self.start;
        for chunk in &self.chunks {
            let end = start + chunk.len() as u64;
            if (start..end).contains(&self.position) {
                let skip = usize::try_from(self.position - start).unwrap_or(usize::MAX);
                return chunk.get(skip..);
            }
            start = end;
        }
        None
    }

    fn fetch(&mut self) -> io::Result<()> {
        let end = self.size.min(self.position + RANGE_LIMIT);
        let chunks = self.runtime.block_on(async {
            let stream = self
                .files
                .read(self.id, (self.position, end), self.size)
                .await?;
            stream.try_collect().await
        });
        self.chunks = chunks.map_err(io::Error::other)?;
        self.start = self.position;
        Ok(())
    }
}

impl Read for StoredFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.size || buffer.is_empty() {
            return Ok(0);
        }
        if self.buffered().is_none() {
            self.fetch()?;
        }
        let buffered = self.buffered().unwrap_or_default();
        let length = buffered.len().min(buffer.len());
        buffer[..length].copy_from_slice(&buffered[..length]);
        if length == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.position += length as u64;
        Ok(length)
    }
}

impl Seek for StoredFile {
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
