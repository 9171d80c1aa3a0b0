//! Stores the text extracted from a file next to it, sealed under the same key and deleted with it.

use bytes::Bytes;
use object_store::ObjectStoreExt;
use object_store::path::Path;
use uuid::Uuid;

use super::seal::{HEADER_LEN, PIECE, StreamSealer, TAG_LEN};
use super::{Files, FilesError};
use crate::seal::vault::VaultError;

/// The suffix of the object's name.
pub(super) const EXTENSION: &str = ".text";

impl Files {
    /// Saves the extracted text of a file, replacing an earlier one.
    pub async fn save_text(&self, id: Uuid, text: &[u8]) -> Result<(), FilesError> {
        let key = self.load_content_key(id).await?;
        let (sealer, mut object) = StreamSealer::create(&key, binding_id(id))?;
        let mut pieces = text.chunks(PIECE).peekable();
        for index in 0.. {
            let piece = pieces.next().unwrap_or_default();
            let last = pieces.peek().is_none();
            object.extend(sealer.seal(index, last, piece)?);
            if last {
                break;
            }
        }
        self.store.put(&self.text_path(id), object.into()).await?;
        Ok(())
    }

    /// Whether a file has extracted text.
    pub async fn has_text(&self, id: Uuid) -> Result<bool, FilesError> {
        match self.store.head(&self.text_path(id)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Loads the extracted text of a file.
    pub async fn load_text(&self, id: Uuid) -> Result<Option<Vec<u8>>, FilesError> {
        let object = match self.store.get(&self.text_path(id)).await {
            Ok(object) => object.bytes().await?,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let key = self.load_content_key(id).await?;
        open_text(&key, id, &object).map(Some)
    }

    /// The path of the extracted text.
    pub(super) fn text_path(&self, id: Uuid) -> Path {
        Path::from(format!("{}{EXTENSION}", self.path(id)))
    }
}

fn open_text(
    key: &crate::seal::vault::DataKey,
    id: Uuid,
    object: &Bytes,
) -> Result<Vec<u8>, FilesError> {
    let broken = || VaultError::Broken(format!("the text of file {id}"));
    let (head, pieces) = object.split_at_checked(HEADER_LEN).ok_or_else(broken)?;
    let sealer = StreamSealer::from_header(key, binding_id(id), head).ok_or_else(broken)?;
    let mut text = Vec::with_capacity(pieces.len());
    let mut pieces = pieces.chunks(PIECE + TAG_LEN).peekable();
    let mut index = 0;
    while let Some(piece) = pieces.next() {
        text.extend(sealer.open(index, pieces.peek().is_none(), piece)?);
        index += 1;
    }
    Ok(text)
}

/// The id bound to each piece. It differs from the file's id, so that the two objects cannot be swapped.
fn binding_id(id: Uuid) -> Uuid {
    Uuid::from_u128(!id.as_u128())
}
