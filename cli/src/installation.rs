//! An open installation: its folder, database, master key and log.

use std::ops::Deref;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use application::{Application, Config, Core, ProcessKind, Role};
use eventstore::anchors::{self, AnchorError, Anchors, Difference, Observation};
use eventstore::{Clock, MasterKey};
use local_postgres::{Cluster, Options};
use projections::search::{Meilisearch, SearchEngine};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgPool};
use tokio::task::JoinSet;
use uuid::Uuid;
use workers::{Backups, Catalogue, Egress};

use crate::config::{Settings, fetched_binaries};
use crate::data_folder::DataFolder;
use crate::failure::Failure;
use crate::privileges::copied_binaries;
use crate::{master_key, private_files, schema};

const CONNECTIONS: u32 = 24;
/// How long a request waits for a connection: it fails within a second if the database is unavailable.
const CONNECT_LIMIT: Duration = Duration::from_millis(900);
/// A connection that was idle for longer is tested before use.
const TRUSTED_IDLE: Duration = Duration::from_secs(1);
/// How often the private cluster is checked.
const WATCH_INTERVAL: Duration = Duration::from_millis(500);

/// An open installation. The private cluster runs as long as one exists.
#[derive(Debug)]
pub struct Installation {
    pub settings: Settings,
    pub core: Core,
    pub master: MasterKey,
    cluster: Option<Arc<Mutex<Cluster>>>,
}

impl Installation {
    /// Opens the installation; creates the parts that are missing.
    pub async fn open(settings: Settings) -> Result<Self, Failure> {
        create_folder(&settings.data_dir)?;
        let data_folder = DataFolder::inspect(&settings);
        data_folder.check_database_url(&settings)?;
        let (cluster, pool) = connect(&settings).await?;
        data_folder.check_database(&settings, &pool).await?;
        schema::migrate(&pool).await?;
        let master = master_key::load_or_create(&settings, &pool).await?;
        let nats_url = settings.nats_url.as_deref();
        Ok(Self {
            core: Core::open(pool, &master, &settings.files, nats_url, Clock::system()).await?,
            settings,
            master,
            cluster: cluster.map(|cluster| Arc::new(Mutex::new(cluster))),
        })
    }

    /// Opens the installation for a command, and closes it afterwards.
    pub async fn use_with(
        settings: Settings,
        run: impl AsyncFnOnce(&Self) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let installation = Self::open(settings).await?;
        let result = run(&installation).await;
        installation.close().await;
        result
    }

    /// The anchors of the log, authenticated with the master key.
    pub fn anchors(&self) -> Anchors {
        let file = self.settings.file(anchors::FILE);
        Anchors::new(
            self.pool.clone(),
            self.log,
            &self.master,
            Some(file),
            self.clock.clone(),
        )
    }

    /// Compares the log with its anchors, the backups in the folder, the read models and further observations.
    pub async fn find_difference(
        &self,
        observations: Vec<Observation>,
    ) -> Result<Option<Difference>, AnchorError> {
        let backups = &self.settings.backups;
        workers::find_difference(&self.pool, &self.anchors(), backups, observations).await
    }

    /// Releases all resources; the last user stops the private cluster.
    pub async fn close(self) {
        self.pool.close().await;
        let cluster = self.cluster;
        // Dropping the cluster waits for the server process.
        let _ = tokio::task::spawn_blocking(move || drop(cluster)).await;
    }

    /// Restarts the private cluster when it dies, until the set is dropped.
    pub fn watch_cluster(&self) -> JoinSet<()> {
        let mut tasks = JoinSet::new();
        if let Some(cluster) = self.cluster.clone() {
            tasks.spawn(watch(cluster));
        }
        tasks
    }

    /// Describes the location of the database for messages.
    pub fn describe_database(&self) -> String {
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

    /// The URL of the private cluster for other processes of this machine.
    pub fn private_url(&self) -> Option<String> {
        let cluster = self.cluster.as_ref()?;
        let cluster = cluster.lock().unwrap_or_else(PoisonError::into_inner);
        let sockets = cluster.socket_folder().display();
        Some(format!(
            "postgres://convosphere@localhost/postgres?host={sockets}"
        ))
    }

    /// Meilisearch if it is configured, else PostgreSQL.
    pub fn search_engine(&self) -> Result<SearchEngine, Failure> {
        let meilisearch = match &self.settings.meilisearch_url {
            Some(url) => {
                let key = self.settings.meilisearch_key.as_deref();
                Some(Meilisearch::new(url, key, self.log.id).map_err(Failure::failed)?)
            }
            None => None,
        };
        Ok(SearchEngine::new(&self.pool, meilisearch))
    }

    /// The models of this installation.
    pub fn catalogue(&self) -> Result<Catalogue, Failure> {
        let egress = Egress::new().map_err(Failure::failed)?;
        let egress = egress.with_allowed(&self.settings.egress_allow);
        Ok(Catalogue::new(self.source(), egress, self.clock.clone())
            .with_timeouts(self.settings.timeouts))
    }

    /// Starts roles of the server in this process.
    pub async fn start(&self, roles: &[Role], kind: ProcessKind) -> Result<Application, Failure> {
        let config = self.application_config(kind)?;
        Ok(Application::build(self.core.clone(), config, roles).await?)
    }

    /// What the server is built from besides the log.
    pub fn application_config(&self, kind: ProcessKind) -> Result<Config, Failure> {
        let settings = &self.settings;
        Ok(Config {
            kind,
            instance: self.instance_id()?,
            program: std::env::current_exe()?,
            http: settings.http(),
            request_pool: None,
            search: self.search_engine()?,
            catalogue: self.catalogue()?,
            model_settings: settings.models.clone(),
            embedding_model: settings.embedding_model.clone(),
            reranking_model: settings.reranking_model.clone(),
            environment_providers: settings.environment_providers.clone(),
            local_servers: settings.local_servers.clone(),
            answer_slots: settings.answer_slots,
            document_slots: settings.document_slots,
            backups: self.backups(),
            anchors: self.anchors(),
        })
    }

    /// Identifies the data folder of this process; created on first use.
    fn instance_id(&self) -> Result<String, Failure> {
        let path = self.settings.file("instance");
        if let Ok(name) = std::fs::read_to_string(&path)
            && Uuid::parse_str(name.trim()).is_ok()
        {
            return Ok(name.trim().to_owned());
        }
        let name = self.clock.new_id().to_string();
        private_files::write(&path, &name)?;
        Ok(name)
    }

    /// The settings of backups, and the key that they are sealed with.
    pub fn backups(&self) -> Backups {
        Backups {
            folder: self.settings.backups.clone(),
            master: self.master.clone(),
            every: self.settings.backup_every,
        }
    }
}

impl Deref for Installation {
    type Target = Core;

    fn deref(&self) -> &Core {
        &self.core
    }
}

async fn watch(cluster: Arc<Mutex<Cluster>>) {
    let mut tick = tokio::time::interval(WATCH_INTERVAL);
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
            Ok(Ok(true)) => {
                tracing::warn!("restarted the private PostgreSQL server, which had died");
            }
            Ok(Err(error)) => {
                tracing::error!(%error, "the private PostgreSQL server died and cannot be restarted");
            }
        }
    }
}

pub fn create_folder(folder: &Path) -> Result<(), Failure> {
    private_files::create_folder(folder).map_err(|error| {
        Failure::Usage(format!(
            "{}: {error}; choose another --data-dir",
            folder.display()
        ))
    })
}

pub async fn connect(settings: &Settings) -> Result<(Option<Cluster>, PgPool), Failure> {
    // A unique name, so that a restore recognises its own connections.
    let name = format!("convosphere {}", Clock::system().new_id().simple());
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(CONNECT_LIMIT)
        // Testing a connection that was just used would double the round trips of every query.
        .test_before_acquire(false)
        .before_acquire(|connection, metadata| {
            Box::pin(async move {
                if metadata.idle_for > TRUSTED_IDLE {
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
            .map_err(|error| schema::connection_failure(&error))?;
        schema::check_search_path(&pool).await?;
        return Ok((None, pool));
    }
    let mut extra_binaries = fetched_binaries();
    extra_binaries.push(copied_binaries());
    let options = Options {
        folder: settings.file("postgres"),
        binaries: settings.postgres_bin.clone(),
        extra_binaries,
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
