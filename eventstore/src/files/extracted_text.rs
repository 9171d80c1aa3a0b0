//! What was read out of a file, sealed under the file's own key and kept beside its bytes: it is gone with them.

use bytes::Bytes;
use object_store::ObjectStoreExt;
use object_store::path::Path;
use uuid::Uuid;

use super::seal::{HEAD, PIECE, Sealer, TAG};
use super::{Files, FilesError};
use crate::vault::VaultError;

/// What the name of the object ends with.
pub(super) const ENDING: &str = ".text";

impl Files {
    /// Keeps what was read out of a file, in place of what was there.
    pub async fn keep_text(&self, id: Uuid, text: &[u8]) -> Result<(), FilesError> {
        let key = self.content_key(id).await?;
        let (sealer, mut object) = Sealer::begin(&key, other(id))?;
        let mut pieces = text.chunks(PIECE).peekable();
        for index in 0.. {
            let piece = pieces.next().unwrap_or_default();
            let last = pieces.peek().is_none();
            object.extend(sealer.seal(index, last, piece)?);
            if last {
                break;
            }
        }
        self.store.put(&self.beside(id), object.into()).await?;
        Ok(())
    }

    /// Whether something was read out of a file and kept.
    pub async fn has_text(&self, id: Uuid) -> Result<bool, FilesError> {
        match self.store.head(&self.beside(id)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// What was read out of a file, where it has been read.
    pub async fn text(&self, id: Uuid) -> Result<Option<Vec<u8>>, FilesError> {
        let object = match self.store.get(&self.beside(id)).await {
            Ok(object) => object.bytes().await?,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let key = self.content_key(id).await?;
        opened(&key, id, &object).map(Some)
    }

    /// Beside the bytes.
    pub(super) fn beside(&self, id: Uuid) -> Path {
        Path::from(format!("{}{ENDING}", self.path(id)))
    }
}

fn opened(key: &crate::vault::DataKey, id: Uuid, object: &Bytes) -> Result<Vec<u8>, FilesError> {
    let broken = || VaultError::Broken(format!("the text of file {id}"));
    let (head, pieces) = object.split_at_checked(HEAD).ok_or_else(broken)?;
    let sealer = Sealer::of(key, other(id), head).ok_or_else(broken)?;
    let mut text = Vec::with_capacity(pieces.len());
    let mut pieces = pieces.chunks(PIECE + TAG).peekable();
    let mut index = 0;
    while let Some(piece) = pieces.next() {
        text.extend(sealer.open(index, pieces.peek().is_none(), piece)?);
        index += 1;
    }
    Ok(text)
}

/// What is bound to each piece: another id than the file's, so that neither object passes for the other.
fn other(id: Uuid) -> Uuid {
    Uuid::from_u128(!id.as_u128())
}
