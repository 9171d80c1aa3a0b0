//! The state that all handlers share.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::provider::LocalServer;
use eventstore::backup::Folder;
use eventstore::command::Committed;
use eventstore::command::idempotency::Idempotency;
use eventstore::{Clock, Execution, Executor, ExecutorError, Feed, Files, Health, Keys, Log};
use ipnet::IpNet;
use projections::knowledge::{Embedder, Reranker};
use projections::search::SearchEngine;
use projections::user::sessions::{self, SessionState};
use projections::{EventSource, Progress, WrittenPositions};
use runtime::{Live, ReplySlots};
use sqlx::PgPool;
use tokio::sync::watch;
use uuid::Uuid;

use crate::analytics::{Machine, OverviewCache};
use crate::http::Problem;
use crate::limits::{Limits, PerPerson};
use crate::metrics::Metrics;
use crate::stream::Rights;
use crate::token::Tokens;

/// How long a read waits until the views show the caller's own writes.
pub(crate) const READ_WAIT: Duration = Duration::from_secs(2);
/// How long the state of a session is cached.
const SESSION_CACHE: Duration = Duration::from_secs(1);
/// Maximum number of entries in each cache.
const CACHE_LIMIT: usize = 50_000;

/// Whether people may register themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registration {
    Open,
    Closed,
}

/// Settings of the operator that handlers use.
#[derive(Debug, Clone)]
pub struct Settings {
    pub registration: Registration,
    /// Limits for each user; `None` disables all limits, including those on password attempts.
    pub limits: Option<PerPerson>,
    /// Whether cookies have the `Secure` attribute.
    pub secure_cookies: bool,
    /// Networks of proxies whose forwarding headers are trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// Host names of the server besides localhost and IP addresses; `None` accepts any name.
    pub hosts: Option<Vec<String>>,
    /// The model to use if neither message, conversation nor assistant names one.
    pub default_model: Option<String>,
    /// Host and port of private addresses that may be called.
    pub egress_allow: Vec<String>,
    /// The command that starts a chat in the terminal, shown on the first page.
    pub chat_command: String,
    /// Whether the web client is served.
    pub web_client: bool,
    /// Largest file, in bytes.
    pub max_file: u64,
    /// Largest total of the files of one user, in bytes.
    pub file_quota: u64,
    /// Where backups are stored.
    pub backups: Folder,
    /// Interval of automatic backups.
    pub backup_every: Option<Duration>,
}

/// The state of the API.
#[derive(Debug)]
pub struct App {
    pub pool: PgPool,
    pub log: Log,
    pub keys: Keys,
    pub files: Files,
    pub executor: Executor,
    pub clock: Clock,
    pub feed: Feed,
    pub progress: Progress,
    pub live: Live,
    /// Present if this process also runs a responder.
    pub reply_slots: Option<ReplySlots>,
    pub search: SearchEngine,
    /// Finds passages by meaning, if an embedding model is configured.
    pub embedder: Option<Arc<dyn Embedder>>,
    /// Reorders passages, if a reranking model is configured.
    pub reranker: Option<Arc<dyn Reranker>>,
    pub metrics: Arc<Metrics>,
    /// The health of the background tasks of this process.
    pub health: Health,
    /// Model servers that were found on this machine.
    pub local_servers: watch::Receiver<Vec<LocalServer>>,
    pub machine: Machine,
    pub overview: OverviewCache,
    pub tokens: Tokens,
    pub cursor_key: [u8; 32],
    /// Derives each refresh token from its predecessor.
    pub refresh_key: [u8; 32],
    pub setup_token: String,
    pub settings: Settings,
    pub limits: Limits,
    /// Becomes true when the server stops; streams then end with a final frame.
    pub closing: watch::Sender<bool>,
    /// Tells streams when their reader loses access.
    pub(crate) rights: Arc<Rights>,
    sessions: Mutex<HashMap<Uuid, (Instant, SessionState)>>,
    /// What each principal wrote through this process, and the epoch of the log at that time.
    written: Mutex<HashMap<Uuid, (u64, Arc<WrittenPositions>)>>,
}

/// The parts of [`App`] that the program creates.
#[derive(Debug)]
pub struct AppParts {
    pub pool: PgPool,
    pub log: Log,
    pub keys: Keys,
    pub files: Files,
    pub executor: Executor,
    pub clock: Clock,
    pub feed: Feed,
    pub progress: Progress,
    pub live: Live,
    /// Present if this process also runs a responder.
    pub reply_slots: Option<ReplySlots>,
    pub search: SearchEngine,
    pub embedder: Option<Arc<dyn Embedder>>,
    pub reranker: Option<Arc<dyn Reranker>>,
    pub metrics: Arc<Metrics>,
    /// The health of the background tasks of this process.
    pub health: Health,
    /// Model servers that were found on this machine.
    pub local_servers: watch::Receiver<Vec<LocalServer>>,
    pub settings: Settings,
}

impl App {
    pub async fn new(parts: AppParts) -> Result<Arc<Self>, eventstore::seal::keys::KeyError> {
        let signing = parts.keys.signing_key("access-token").await?;
        let cursor_key = parts.keys.signing_key("cursor").await?;
        let refresh_key = parts.keys.signing_key("refresh-token").await?;
        let setup = parts.keys.signing_key("setup").await?;
        let app = Arc::new(Self {
            tokens: Tokens::new(parts.log.id, &signing, parts.clock.clone()),
            cursor_key,
            refresh_key,
            setup_token: hex::encode(&setup[..16]),
            limits: Limits::new(parts.settings.limits),
            closing: watch::Sender::new(false),
            pool: parts.pool,
            log: parts.log,
            keys: parts.keys,
            files: parts.files,
            executor: parts.executor,
            clock: parts.clock,
            feed: parts.feed,
            progress: parts.progress,
            live: parts.live,
            reply_slots: parts.reply_slots,
            search: parts.search,
            embedder: parts.embedder,
            reranker: parts.reranker,
            metrics: parts.metrics,
            health: parts.health,
            local_servers: parts.local_servers,
            machine: Machine::new(),
            overview: OverviewCache::default(),
            settings: parts.settings,
            rights: Arc::default(),
            sessions: Mutex::default(),
            written: Mutex::default(),
        });
        #[expect(
            clippy::disallowed_methods,
            reason = "ends when the application is dropped"
        )]
        tokio::spawn(Arc::clone(&app.rights).keep_checking(Arc::downgrade(&app)));
        Ok(app)
    }

    /// The source for code that reads the log in order.
    pub fn source(&self) -> EventSource {
        EventSource {
            pool: self.pool.clone(),
            log: self.log,
            keys: self.keys.clone(),
            feed: self.feed.clone(),
        }
    }

    /// Executes a command and remembers its position for later reads of the principal.
    pub async fn execute(
        &self,
        principal: Uuid,
        execution: Execution,
    ) -> Result<Committed, Problem> {
        Ok(self.try_execute(principal, execution).await?)
    }

    /// The same for callers that inspect the error.
    pub async fn try_execute(
        &self,
        principal: Uuid,
        execution: Execution,
    ) -> Result<Committed, ExecutorError> {
        let committed = self.executor.execute(execution).await?;
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if written.len() >= CACHE_LIMIT {
            written.clear();
        }
        let epoch = self.feed.epoch();
        let (since, own) = written.entry(principal).or_default();
        if *since != epoch {
            (*since, *own) = (epoch, Arc::default());
        }
        let own = Arc::make_mut(own);
        for event in &committed.events {
            own.add(event.event.aggregate_type(), event.position);
        }
        Ok(committed)
    }

    /// The result of an earlier request that this one repeats. Needed where a handler cannot run again because it
    /// depends on the state before the first request.
    pub async fn find_repeated(
        &self,
        key: Option<Idempotency>,
    ) -> Result<Option<Committed>, Problem> {
        match key {
            Some(key) => Ok(self.executor.find_committed(&key).await?),
            None => Ok(None),
        }
    }

    /// Waits until the views show the principal's writes and the requested position, and returns the position they have
    /// reached. Fails after a time limit rather than returning stale data.
    pub async fn read_position(
        &self,
        principal: Uuid,
        min_position: Option<i64>,
    ) -> Result<i64, Problem> {
        let own = {
            let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
            // Writes of another epoch may have been lost with a restored or failed-over log.
            let last = written.get(&principal).cloned();
            last.filter(|(epoch, _)| *epoch == self.feed.epoch())
                .map(|(_, own)| own)
        };
        let is_visible = match own {
            Some(own) => self.progress.wait_for_written(&own, READ_WAIT).await?,
            None => true,
        };
        let reached = match min_position {
            Some(position) => self.progress.wait_for(position, READ_WAIT).await?,
            None => self.progress.position().await?,
        };
        if let Some(position) = min_position.filter(|position| reached < *position)
            && position > self.feed.head()
        {
            return Err(Problem::unreadable(
                "convosphere-min-position",
                "unknown_position",
                "the log does not have this position; send one that a write has returned",
            ));
        }
        if !is_visible || min_position.is_some_and(|position| reached < position) {
            return Err(Problem::unavailable(
                "projection_behind",
                "your changes are stored but not visible yet; try again",
            ));
        }
        Ok(reached)
    }

    /// Waits until the views show a write, so that others have lost access when the request returns.
    pub async fn wait_for_views(&self, writer: Uuid) -> Result<(), Problem> {
        self.read_position(writer, None).await.map(|_| ())
    }

    /// The state of a session, cached for at most a second.
    pub async fn session(&self, id: Uuid) -> Result<Option<SessionState>, Problem> {
        let cached = {
            let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
            sessions.get(&id).cloned()
        };
        if let Some((read, state)) = cached
            && read.elapsed() < SESSION_CACHE
        {
            return Ok(Some(state));
        }
        let state = sessions::state(&self.pool, id).await?;
        if state
            .as_ref()
            .is_some_and(|state| state.stale && state.usable)
        {
            sessions::touch(&self.pool, id).await?;
        }
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        if sessions.len() >= CACHE_LIMIT {
            sessions.clear();
        }
        match &state {
            Some(state) if state.role.is_some() => {
                sessions.insert(id, (Instant::now(), state.clone()));
            }
            _ => {
                sessions.remove(&id);
            }
        }
        Ok(state)
    }

    /// Clears the session cache after a session has changed.
    pub fn forget_sessions(&self) {
        self.sessions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
        self.rights.check_now();
    }
}
