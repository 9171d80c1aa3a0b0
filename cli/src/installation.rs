//! An installation: its folder, its database, its master key, its log.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use eventstore::anchors::{self, AnchorError, Anchors, Difference, Observation};
use eventstore::{Executor, store::Store};
use eventstore::{Feed, Files, Keys, Log, MasterKey, Nats, Writer};
use local_postgres::{Cluster, Options};
use projections::search::{Meilisearch, SearchEngine};
use projections::{Progress, Source};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgPool};
use tokio::sync::watch;
use tokio::task::JoinSet;
use uuid::Uuid;
use workers::{Backups, Held, Work};

use crate::config::{Settings, fetched_binaries};
use crate::failure::Failure;
use crate::known::Known;
use crate::privileges::copied_binaries;
use crate::{master_key, private, schema};

const CONNECTIONS: u32 = 24;
/// How long a request waits for a connection: the answer to a database that is away comes within a second.
const CONNECT_LIMIT: Duration = Duration::from_millis(900);
/// How long an idle connection is believed to be whole.
const BELIEVED: Duration = Duration::from_secs(1);
/// How often the private cluster is looked at.
const WATCH: Duration = Duration::from_millis(500);

/// An open installation. The private cluster lives as long as anybody holds one.
#[derive(Debug)]
pub struct Installation {
    pub settings: Settings,
    pub pool: PgPool,
    pub log: Log,
    pub keys: Keys,
    pub master: MasterKey,
    /// The bytes of files.
    pub files: Files,
    pub feed: Feed,
    pub nats: Option<Nats>,
    pub executor: Executor,
    pub progress: Progress,
    cluster: Option<Arc<Mutex<Cluster>>>,
}

impl Installation {
    /// Opens the installation, and makes what is missing.
    pub async fn open(settings: Settings) -> Result<Self, Failure> {
        make_folder(&settings.data_dir)?;
        let known = Known::of(&settings);
        known.needs_its_database(&settings)?;
        let (cluster, pool) = connect(&settings).await?;
        known.is_not_left(&settings, &pool).await?;
        schema::migrate(&pool).await?;
        let master = master_key::of_log(&settings, &pool).await?;
        Log::initialise(&pool, &master, Uuid::new_v4()).await?;
        let log = Log::open(&pool, &master).await?;
        let keys = Keys::new(pool.clone(), log.id, &master);
        let files = Files::open(&settings.files, pool.clone(), log, keys.clone())
            .map_err(|error| Failure::Usage(format!("files.url: {error}")))?;
        let nats = match &settings.nats_url {
            Some(url) => Some(
                Nats::connect(url, &keys)
                    .await
                    .map_err(|error| Failure::Usage(format!("nats.url: {error}")))?,
            ),
            None => None,
        };
        let (feed, committed) = Feed::start(pool.clone(), log, nats.clone()).await?;
        let writer = Writer::start(pool.clone(), log, committed);
        let executor = Executor::new(Store::new(pool.clone(), log, keys.clone(), writer));
        Ok(Self {
            progress: Progress::new(pool.clone()),
            settings,
            pool,
            log,
            keys,
            master,
            files,
            feed,
            nats,
            executor,
            cluster: cluster.map(|cluster| Arc::new(Mutex::new(cluster))),
        })
    }

    /// Where the end of the log is written down under the master key.
    pub fn anchors(&self) -> Anchors {
        let file = self.settings.file(anchors::FILE);
        Anchors::new(self.pool.clone(), self.log, &self.master, Some(file))
    }

    /// How the log differs from what its anchors, the backups in the folder and the views have seen of it.
    pub async fn difference(
        &self,
        seen: Vec<Observation>,
    ) -> Result<Option<Difference>, AnchorError> {
        workers::difference(&self.pool, &self.anchors(), &self.settings.backups, seen).await
    }

    /// Lets everything go; the last one stops the private cluster.
    pub async fn close(self) {
        self.pool.close().await;
        let cluster = self.cluster;
        // Stopping waits for the server process.
        let _ = tokio::task::spawn_blocking(move || drop(cluster)).await;
    }

    /// Watches the private cluster and starts it again where it dies. Ends when the set is dropped.
    pub fn watch_cluster(&self) -> JoinSet<()> {
        let mut tasks = JoinSet::new();
        if let Some(cluster) = self.cluster.clone() {
            tasks.spawn(watch(cluster));
        }
        tasks
    }

    /// Where the database is, for people.
    pub fn database(&self) -> String {
        match &self.cluster {
            Some(cluster) => format!(
                "private PostgreSQL {} in {}",
                cluster
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .major(),
                self.settings.file("postgres").display()
            ),
            None => "external PostgreSQL (database.url)".to_owned(),
        }
    }

    /// How other processes of this machine reach the private cluster.
    pub fn private_url(&self) -> Option<String> {
        let cluster = self.cluster.as_ref()?;
        let cluster = cluster.lock().unwrap_or_else(PoisonError::into_inner);
        let sockets = cluster.socket_folder().display();
        Some(format!(
            "postgres://convosphere@localhost/postgres?host={sockets}"
        ))
    }

    /// Where texts are found.
    pub fn search(&self) -> Result<SearchEngine, Failure> {
        let meilisearch = match &self.settings.meilisearch_url {
            Some(url) => {
                let key = self.settings.meilisearch_key.as_deref();
                Some(Meilisearch::new(url, key, self.log.id).map_err(Failure::failed)?)
            }
            None => None,
        };
        Ok(SearchEngine::new(&self.pool, meilisearch))
    }

    /// What jobs are done with.
    pub fn work(&self, stopping: watch::Receiver<bool>, held: &Held) -> std::io::Result<Work> {
        Ok(Work {
            source: self.source(),
            executor: self.executor.clone(),
            progress: self.progress.clone(),
            files: self.files.clone(),
            backups: self.backups(),
            anchors: self.anchors(),
            program: std::env::current_exe()?,
            max_file: self.settings.max_file,
            file_quota: self.settings.file_quota,
            stopping,
            held: held.clone(),
        })
    }

    /// Where backups go.
    pub fn backups(&self) -> Backups {
        Backups {
            folder: self.settings.backups.clone(),
            master: self.master.clone(),
            every: self.settings.backup_every,
        }
    }

    /// The log, for who reads it in order.
    pub fn source(&self) -> Source {
        Source {
            pool: self.pool.clone(),
            log: self.log,
            keys: self.keys.clone(),
            feed: self.feed.clone(),
        }
    }
}

async fn watch(cluster: Arc<Mutex<Cluster>>) {
    let mut tick = tokio::time::interval(WATCH);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let cluster = cluster.clone();
        let revived = tokio::task::spawn_blocking(move || {
            cluster
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .revive()
        });
        match revived.await {
            Ok(Ok(false)) | Err(_) => {}
            Ok(Ok(true)) => tracing::warn!("the private PostgreSQL had died and was started again"),
            Ok(Err(error)) => {
                tracing::error!(%error, "the private PostgreSQL has died and does not start");
            }
        }
    }
}

pub fn make_folder(folder: &Path) -> Result<(), Failure> {
    private::make_folder(folder).map_err(|error| {
        Failure::Usage(format!(
            "{}: {error}; choose another --data-dir",
            folder.display()
        ))
    })
}

pub async fn connect(settings: &Settings) -> Result<(Option<Cluster>, PgPool), Failure> {
    // Its own in the list of connections.
    let name = format!("convosphere {}", Uuid::new_v4().simple());
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(CONNECT_LIMIT)
        // One that was used just now is believed: asking it first would double the way of every query.
        .test_before_acquire(false)
        .before_acquire(|connection, known| {
            Box::pin(async move {
                if known.idle_for > BELIEVED {
                    connection.ping().await?;
                }
                Ok(true)
            })
        });
    if let Some(url) = &settings.database_url {
        let options: PgConnectOptions = url
            .parse()
            .map_err(|error| Failure::Usage(format!("database.url: {error}")))?;
        let pool = pool
            .connect_with(options.application_name(&name))
            .await
            .map_err(|error| schema::unreachable_database(&error))?;
        schema::usable(&pool).await?;
        return Ok((None, pool));
    }
    let mut extra = fetched_binaries();
    extra.push(copied_binaries());
    let options = Options {
        folder: settings.file("postgres"),
        binaries: settings.postgres_bin.clone(),
        extra_binaries: extra,
        ..Options::default()
    };
    let cluster = tokio::task::spawn_blocking(move || Cluster::open(&options))
        .await
        .map_err(Failure::failed)??;
    let options = PgConnectOptions::new_without_pgpass()
        .socket(cluster.socket_folder())
        .username("convosphere")
        .database("postgres")
        .application_name(&name);
    let pool = pool.connect_with(options).await?;
    Ok((Some(cluster), pool))
}
