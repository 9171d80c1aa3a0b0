//! Uploads content: sealed and forwarded as it arrives, so that no file is held in memory.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, WriteMultipart};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::FilesError;
use super::seal::{PIECE, StreamSealer};
use crate::seal::vault::{DataKey, random_bytes};

/// Maximum number of parts in flight to the store.
const MAX_IN_FLIGHT: usize = 2;

/// A stored file.
#[derive(Debug, Clone)]
pub struct StoredFile {
    pub size: u64,
    /// In hex.
    pub sha256: String,
    /// In base64url.
    pub content_key: String,
}

/// An upload in progress.
pub struct Upload {
    writer: WriteMultipart,
    sealer: StreamSealer,
    key: DataKey,
    /// Not sealed yet, because the last piece is known only at the end.
    pending: Vec<u8>,
    index: u32,
    size: u64,
    digest: Sha256,
}

impl Upload {
    pub(super) async fn begin(
        store: &dyn ObjectStore,
        path: &Path,
        id: Uuid,
    ) -> Result<Self, FilesError> {
        let key: DataKey = random_bytes()?;
        let (sealer, head) = StreamSealer::create(&key, id)?;
        let mut writer = WriteMultipart::new(store.put_multipart(path).await?);
        writer.write(&head);
        Ok(Self {
            writer,
            sealer,
            key,
            pending: Vec::with_capacity(2 * PIECE),
            index: 0,
            size: 0,
            digest: Sha256::new(),
        })
    }

    /// Bytes received so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), FilesError> {
        self.digest.update(bytes);
        self.size += bytes.len() as u64;
        self.pending.extend_from_slice(bytes);
        while self.pending.len() > PIECE {
            let rest = self.pending.split_off(PIECE);
            let piece = std::mem::replace(&mut self.pending, rest);
            self.seal(&piece, false)?;
            self.writer.wait_for_capacity(MAX_IN_FLIGHT).await?;
        }
        Ok(())
    }

    /// Completes the upload durably.
    pub async fn finish(mut self) -> Result<StoredFile, FilesError> {
        let piece = std::mem::take(&mut self.pending);
        if let Err(error) = self.seal(&piece, true) {
            let _ = self.writer.abort().await;
            return Err(error);
        }
        self.writer.finish().await?;
        Ok(StoredFile {
            size: self.size,
            sha256: hex::encode(self.digest.finalize()),
            content_key: URL_SAFE_NO_PAD.encode(self.key),
        })
    }

    /// Aborts the upload and removes its parts.
    pub async fn abort(self) {
        if let Err(error) = self.writer.abort().await {
            tracing::warn!(%error, "failed to remove an aborted upload; the store may keep its parts");
        }
    }

    fn seal(&mut self, piece: &[u8], last: bool) -> Result<(), FilesError> {
        let sealed = self.sealer.seal(self.index, last, piece)?;
        self.writer.write(&sealed);
        self.index += 1;
        Ok(())
    }
}
