//! Stores file contents in an object store, sealed under a key that the upload event holds; any range can be read. The
//! object is written before the event.

mod extracted_text;
mod objects;
pub(crate) mod seal;
mod upload;

use std::collections::HashSet;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::Event;
use domain::file::FileEvent;
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use sqlx::PgPool;
use url::Url;
use uuid::Uuid;

use crate::log::{self, Filter, Log, LogError};
use crate::seal::keys::Keys;
use crate::seal::vault::{DataKey, VaultError};
use crate::transient::Transient;
use seal::{HEADER_LEN, PIECE, StreamSealer, locate_range};
pub use upload::{StoredFile, Upload};

/// Maximum number of bytes per read request.
const READ_SIZE: u64 = 16 * PIECE as u64;

/// Where file contents are stored.
#[derive(Debug, Clone)]
pub enum StoreLocation {
    /// A local folder.
    Folder(PathBuf),
    /// A bucket, such as `s3://bucket/prefix`, with options for the store's client.
    Bucket {
        url: Url,
        options: Vec<(String, String)>,
    },
}

/// Why file contents could not be stored or read.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    #[error("the content of file {0} is missing from the file store")]
    Missing(Uuid),
    #[error("the disk of the file store is full; free some space")]
    Full,
    #[error("the file store failed: {0}")]
    Store(object_store::Error),
    #[error("the file store failed: {0}")]
    Location(String),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Log(#[from] LogError),
}

impl Transient for FilesError {
    fn is_transient(&self) -> bool {
        match self {
            Self::Log(error) => error.is_transient(),
            Self::Store(error) => is_store_outage(error),
            _ => false,
        }
    }
}

/// Everything except definite answers of the store.
fn is_store_outage(error: &object_store::Error) -> bool {
    !matches!(
        error,
        object_store::Error::NotFound { .. }
            | object_store::Error::InvalidPath { .. }
            | object_store::Error::NotSupported { .. }
            | object_store::Error::PermissionDenied { .. }
            | object_store::Error::Unauthenticated { .. }
    )
}

impl From<object_store::Error> for FilesError {
    fn from(error: object_store::Error) -> Self {
        let mut cause: Option<&dyn std::error::Error> = Some(&error);
        while let Some(source) = cause {
            let kind = source.downcast_ref::<io::Error>().map(io::Error::kind);
            if matches!(
                kind,
                Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
            ) {
                return Self::Full;
            }
            cause = source.source();
        }
        Self::Store(error)
    }
}

/// The file store of an installation.
#[derive(Debug, Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    /// Set for a local folder; killed processes leave partial files there.
    folder: Option<PathBuf>,
    pool: PgPool,
    log: Log,
    keys: Keys,
}

impl Files {
    /// Opens the store; creates the folder if necessary.
    pub fn open(
        location: &StoreLocation,
        pool: PgPool,
        log: Log,
        keys: Keys,
    ) -> Result<Self, FilesError> {
        let (store, prefix, folder): (Arc<dyn ObjectStore>, Path, Option<PathBuf>) = match location
        {
            StoreLocation::Folder(folder) => {
                std::fs::create_dir_all(folder).map_err(|error| {
                    FilesError::Location(format!("{}: {error}", folder.display()))
                })?;
                let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
                (Arc::new(store), Path::default(), Some(folder.clone()))
            }
            StoreLocation::Bucket { url, options } => {
                let (store, prefix) = object_store::parse_url_opts(url, options.clone())?;
                (Arc::from(store), prefix, None)
            }
        };
        Ok(Self {
            store,
            prefix,
            folder,
            pool,
            log,
            keys,
        })
    }

    /// Starts an upload. The file does not exist before the upload is finished.
    pub async fn begin_upload(&self, id: Uuid) -> Result<Upload, FilesError> {
        Upload::begin(&*self.store, &self.path(id), id).await
    }

    /// Streams the bytes from `start` (inclusive) to `end` (exclusive) of a file of `size` bytes.
    pub async fn read(
        &self,
        id: Uuid,
        (start, end): (u64, u64),
        size: u64,
    ) -> Result<BoxStream<'static, Result<Bytes, FilesError>>, FilesError> {
        let key = self.load_content_key(id).await?;
        let path = self.path(id);
        let head = self.read_range(id, &path, 0..HEADER_LEN as u64).await?;
        let sealer = StreamSealer::from_header(&key, id, &head)
            .ok_or_else(|| VaultError::Broken(format!("file {id}")))?;
        let reader = Reader {
            files: self.clone(),
            sealer,
            path,
            id,
            size,
        };
        let pieces = stream::try_unfold((reader, start), move |(reader, at)| async move {
            if at >= end {
                return Ok(None);
            }
            let until = end.min(at + READ_SIZE - at % READ_SIZE);
            let bytes = reader.open(at, until).await?;
            Ok::<_, FilesError>(Some((bytes, (reader, until))))
        });
        Ok(pieces.boxed())
    }

    /// Reads a whole file of `size` bytes.
    pub async fn read_all(&self, id: Uuid, size: u64) -> Result<Vec<u8>, FilesError> {
        let pieces = self.read(id, (0, size), size).await?;
        pieces
            .try_fold(Vec::new(), |mut all, piece| async move {
                all.extend_from_slice(&piece);
                Ok(all)
            })
            .await
    }

    /// Deletes the content of a file and its extracted text, if they exist.
    pub async fn remove(&self, id: Uuid) -> Result<(), FilesError> {
        for path in [self.path(id), self.text_path(id)] {
            match self.store.delete(&path).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Deletes content that no event refers to. On failure a later cleanup removes it.
    pub async fn discard(&self, id: Uuid) {
        if let Err(error) = self.remove(id).await {
            tracing::warn!(file = %id, %error, "failed to delete the content of a file; a later cleanup will remove it");
        }
    }

    /// Lists files last written before a time. Those without an event were left behind by a crashed process.
    pub async fn list_written_before(
        &self,
        before: DateTime<Utc>,
    ) -> Result<Vec<Uuid>, FilesError> {
        let objects = self.store.list(Some(&self.prefix));
        let ids = objects
            .try_filter_map(|object| async move {
                let id = object.location.filename().and_then(|name| {
                    name.trim_end_matches(extracted_text::EXTENSION)
                        .parse::<Uuid>()
                        .ok()
                });
                Ok(id.filter(|_| object.last_modified < before))
            })
            .try_collect::<HashSet<_>>()
            .await?;
        Ok(ids.into_iter().collect())
    }

    /// Removes partial files last written before a time, which a crashed process has left in the folder. Returns their
    /// number.
    pub fn remove_partial_files(&self, before: DateTime<Utc>) -> io::Result<usize> {
        let Some(folder) = &self.folder else {
            return Ok(0);
        };
        let mut removed = 0;
        for shard in std::fs::read_dir(folder)?.flatten() {
            if !shard.file_type()?.is_dir() {
                continue;
            }
            for file in std::fs::read_dir(shard.path())?.flatten() {
                let is_partial = file.file_name().to_string_lossy().contains('#');
                let modified = file.metadata().and_then(|metadata| metadata.modified());
                let is_old = modified.is_ok_and(|at| DateTime::<Utc>::from(at) < before);
                if is_partial && is_old {
                    std::fs::remove_file(file.path())?;
                    removed += 1;
                }
            }
        }
        Ok(removed)
    }

    /// Files are spread over 256 folders by the last two digits of the id, which are random.
    fn path(&self, id: Uuid) -> Path {
        let name = id.to_string();
        self.prefix
            .clone()
            .join(&name[name.len() - 2..])
            .join(name.as_str())
    }

    /// Loads the key of a file from its upload event.
    async fn load_content_key(&self, id: Uuid) -> Result<DataKey, FilesError> {
        let filter = Filter {
            aggregate_id: Some(id.to_string()),
            event_type: Some("file_uploaded".to_owned()),
        };
        let rows = log::list(&self.pool, &filter, 0, 1)
            .await
            .map_err(LogError::from)?;
        let events = log::open(&self.log, &self.keys, rows).await?;
        let key = events.into_iter().find_map(|at| match at.event {
            Event::File(FileEvent::FileUploaded { content_key, .. }) => content_key.into_plain(),
            _ => None,
        });
        key.and_then(|key| URL_SAFE_NO_PAD.decode(key).ok())
            .and_then(|key| key.try_into().ok())
            .ok_or(FilesError::Missing(id))
    }

    async fn read_range(
        &self,
        id: Uuid,
        path: &Path,
        range: std::ops::Range<u64>,
    ) -> Result<Bytes, FilesError> {
        match self.store.get_range(path, range).await {
            Ok(bytes) => Ok(bytes),
            Err(object_store::Error::NotFound { .. }) => Err(FilesError::Missing(id)),
            Err(error) => Err(error.into()),
        }
    }
}

/// Opens ranges of one file.
struct Reader {
    files: Files,
    sealer: StreamSealer,
    path: Path,
    id: Uuid,
    size: u64,
}

impl Reader {
    async fn open(&self, start: u64, end: u64) -> Result<Bytes, FilesError> {
        let range = locate_range(start, end, self.size);
        let (from, until) = range.stored;
        let stored = self
            .files
            .read_range(self.id, &self.path, from..until)
            .await?;
        let last = last_piece(self.size);
        let mut opened = Vec::with_capacity(stored.len());
        let pieces = stored.chunks(PIECE + seal::TAG_LEN);
        for (index, piece) in (range.pieces.0..).zip(pieces) {
            opened.extend(self.sealer.open(index, index == last, piece)?);
        }
        let length = usize::try_from(end - start).unwrap_or(usize::MAX);
        let wanted = opened.get(range.skip..range.skip.saturating_add(length));
        wanted
            .map(Bytes::copy_from_slice)
            .ok_or_else(|| VaultError::Broken(format!("file {}", self.id)).into())
    }
}

/// The index of the last piece of a file.
fn last_piece(size: u64) -> u32 {
    locate_range(size.saturating_sub(1), size, size).pieces.1
}
