//! An open log and what works on it: the basis of every role.

use eventstore::command::store::Store;
use eventstore::files::{FilesError, StoreLocation};
use eventstore::follow::nats::NatsError;
use eventstore::log::LogError;
use eventstore::{Clock, Executor, Feed, Files, Keys, Log, MasterKey, Nats, Writer};
use projections::{EventSource, Progress};
use sqlx::PgPool;

/// An open log and what works on it. Clones share everything.
#[derive(Debug, Clone)]
pub struct Core {
    pub pool: PgPool,
    pub log: Log,
    pub keys: Keys,
    pub files: Files,
    pub feed: Feed,
    pub nats: Option<Nats>,
    pub executor: Executor,
    pub progress: Progress,
    /// Where the roles of this process get time and ids.
    pub clock: Clock,
}

/// Why a log could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Files(FilesError),
    #[error(transparent)]
    Nats(NatsError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl Core {
    /// Opens the log of a migrated database; creates it if there is none.
    pub async fn open(
        pool: PgPool,
        master: &MasterKey,
        location: &StoreLocation,
        nats_url: Option<&str>,
        clock: Clock,
    ) -> Result<Self, OpenError> {
        Log::initialise(&pool, master, clock.new_id()).await?;
        let log = Log::open(&pool, master).await?;
        let keys = Keys::new(pool.clone(), log.id, master);
        let files = Files::open(location, pool.clone(), log, keys.clone());
        let nats = match nats_url {
            Some(url) => Some(Nats::connect(url, &keys).await.map_err(OpenError::Nats)?),
            None => None,
        };
        let (feed, commits) = Feed::start(pool.clone(), log, nats.clone()).await?;
        let writer = Writer::start(pool.clone(), log, commits);
        Ok(Self {
            executor: Executor::new(Store::new(
                pool.clone(),
                log,
                keys.clone(),
                writer,
                clock.clone(),
            )),
            progress: Progress::new(pool.clone()),
            files: files.map_err(OpenError::Files)?,
            pool,
            log,
            keys,
            feed,
            nats,
            clock,
        })
    }

    /// The log for ordered readers.
    pub fn source(&self) -> EventSource {
        EventSource {
            pool: self.pool.clone(),
            log: self.log,
            keys: self.keys.clone(),
            feed: self.feed.clone(),
        }
    }
}
