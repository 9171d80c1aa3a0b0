//! Bytes of files: put into an object store before the event that tells of them, sealed under a key that the event
//! holds, and opened from any place.

mod beside;
mod objects;
pub(crate) mod seal;
mod upload;

use std::collections::HashSet;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use chrono::Utc;
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

use crate::keys::Keys;
use crate::log::{self, Filter, Log, LogError};
use crate::vault::{DataKey, VaultError};
use seal::{HEAD, PIECE, Sealer, stretch};
pub use upload::{Stored, Upload};

/// Bytes that one request to the store reads at most.
const AT_ONCE: u64 = 16 * PIECE as u64;

/// Where the bytes lie.
#[derive(Debug, Clone)]
pub enum Place {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket, such as `s3://bucket/prefix`, with what the store's client needs to know of it.
    Bucket {
        url: Url,
        options: Vec<(String, String)>,
    },
}

/// Why bytes could not be put or had.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    #[error("the bytes of file {0} are not there")]
    Missing(Uuid),
    #[error("the disk is full")]
    Full,
    #[error("the store of files: {0}")]
    Store(object_store::Error),
    #[error("the store of files: {0}")]
    Place(String),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Log(#[from] LogError),
}

impl From<object_store::Error> for FilesError {
    fn from(error: object_store::Error) -> Self {
        let mut cause: Option<&dyn std::error::Error> = Some(&error);
        while let Some(one) = cause {
            let kind = one.downcast_ref::<io::Error>().map(io::Error::kind);
            if matches!(
                kind,
                Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
            ) {
                return Self::Full;
            }
            cause = one.source();
        }
        Self::Store(error)
    }
}

/// The bytes of all files of an installation.
#[derive(Debug, Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    /// Where it is a folder: what a killed process has left half written lies there.
    folder: Option<PathBuf>,
    pool: PgPool,
    log: Log,
    keys: Keys,
}

impl Files {
    /// Opens the store; a folder is made where there is none.
    pub fn open(place: &Place, pool: PgPool, log: Log, keys: Keys) -> Result<Self, FilesError> {
        let (store, prefix, folder): (Arc<dyn ObjectStore>, Path, Option<PathBuf>) = match place {
            Place::Folder(folder) => {
                std::fs::create_dir_all(folder)
                    .map_err(|error| FilesError::Place(format!("{}: {error}", folder.display())))?;
                let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
                (Arc::new(store), Path::default(), Some(folder.clone()))
            }
            Place::Bucket { url, options } => {
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

    /// Begins to put bytes. Nothing is there before the upload is finished.
    pub async fn begin(&self, id: Uuid) -> Result<Upload, FilesError> {
        Upload::begin(&*self.store, &self.path(id), id).await
    }

    /// The bytes from `start` up to but not with `end` of a file of `size` bytes, piece by piece.
    pub async fn read(
        &self,
        id: Uuid,
        (start, end): (u64, u64),
        size: u64,
    ) -> Result<BoxStream<'static, Result<Bytes, FilesError>>, FilesError> {
        let key = self.content_key(id).await?;
        let path = self.path(id);
        let head = self.range(id, &path, 0..HEAD as u64).await?;
        let sealer =
            Sealer::of(&key, id, &head).ok_or_else(|| VaultError::Broken(format!("file {id}")))?;
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
            let until = end.min(at + AT_ONCE - at % AT_ONCE);
            let bytes = reader.open(at, until).await?;
            Ok::<_, FilesError>(Some((bytes, (reader, until))))
        });
        Ok(pieces.boxed())
    }

    /// All bytes of a file of `size` bytes.
    pub async fn bytes(&self, id: Uuid, size: u64) -> Result<Vec<u8>, FilesError> {
        let pieces = self.read(id, (0, size), size).await?;
        pieces
            .try_fold(Vec::new(), |mut all, piece| async move {
                all.extend_from_slice(&piece);
                Ok(all)
            })
            .await
    }

    /// Takes the bytes of a file away, and what was read out of them, where they are there.
    pub async fn remove(&self, id: Uuid) -> Result<(), FilesError> {
        for path in [self.path(id), self.beside(id)] {
            match self.store.delete(&path).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// The same, for bytes that nothing tells of any more: where the store is away, they are swept up later.
    pub async fn discard(&self, id: Uuid) {
        if let Err(error) = self.remove(id).await {
            tracing::warn!(file = %id, %error, "the bytes of a file were not removed; they are swept up later");
        }
    }

    /// Files whose bytes lie there for longer than a while: those that no event tells of were left by a process that
    /// died.
    pub async fn older_than(&self, age: Duration) -> Result<Vec<Uuid>, FilesError> {
        let before = Utc::now() - age;
        let objects = self.store.list(Some(&self.prefix));
        let ids = objects
            .try_filter_map(|object| async move {
                let id = object
                    .location
                    .filename()
                    .and_then(|name| name.trim_end_matches(beside::ENDING).parse::<Uuid>().ok());
                Ok(id.filter(|_| object.last_modified < before))
            })
            .try_collect::<HashSet<_>>()
            .await?;
        Ok(ids.into_iter().collect())
    }

    /// Removes what a process that died has left half written in the folder.
    pub fn sweep_folder(&self, age: Duration) -> io::Result<usize> {
        let Some(folder) = &self.folder else {
            return Ok(0);
        };
        let mut swept = 0;
        for shard in std::fs::read_dir(folder)?.flatten() {
            if !shard.file_type()?.is_dir() {
                continue;
            }
            for file in std::fs::read_dir(shard.path())?.flatten() {
                let half = file.file_name().to_string_lossy().contains('#');
                let modified = file.metadata().and_then(|metadata| metadata.modified());
                let old = modified.is_ok_and(|at| at.elapsed().is_ok_and(|since| since > age));
                if half && old {
                    std::fs::remove_file(file.path())?;
                    swept += 1;
                }
            }
        }
        Ok(swept)
    }

    /// Spread over 256 folders by the last digits of the id, which are random.
    fn path(&self, id: Uuid) -> Path {
        let name = id.to_string();
        self.prefix
            .clone()
            .join(&name[name.len() - 2..])
            .join(name.as_str())
    }

    /// What seals the bytes: it stands, sealed itself, in the event that tells of them.
    async fn content_key(&self, id: Uuid) -> Result<DataKey, FilesError> {
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

    async fn range(
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

/// Opens stretches of one file.
struct Reader {
    files: Files,
    sealer: Sealer,
    path: Path,
    id: Uuid,
    size: u64,
}

impl Reader {
    async fn open(&self, start: u64, end: u64) -> Result<Bytes, FilesError> {
        let stretch = stretch(start, end, self.size);
        let (from, until) = stretch.stored;
        let stored = self.files.range(self.id, &self.path, from..until).await?;
        let last = stretch_of_end(self.size);
        let mut opened = Vec::with_capacity(stored.len());
        let pieces = stored.chunks(PIECE + seal::TAG);
        for (index, piece) in (stretch.pieces.0..).zip(pieces) {
            opened.extend(self.sealer.open(index, index == last, piece)?);
        }
        let length = usize::try_from(end - start).unwrap_or(usize::MAX);
        let wanted = opened.get(stretch.skip..stretch.skip.saturating_add(length));
        wanted
            .map(Bytes::copy_from_slice)
            .ok_or_else(|| VaultError::Broken(format!("file {}", self.id)).into())
    }
}

/// The last piece of a file.
fn stretch_of_end(size: u64) -> u32 {
    stretch(size.saturating_sub(1), size, size).pieces.1
}
