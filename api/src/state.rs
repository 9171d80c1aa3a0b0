//! What every handler works with.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::provider::LocalServer;
use eventstore::backup::Folder;
use eventstore::chain::hex;
use eventstore::executor::Committed;
use eventstore::idempotency::Idempotency;
use eventstore::{Execution, Executor, ExecutorError, Feed, Files, Keys, Live, Log, Seats};
use ipnet::IpNet;
use projections::knowledge::Embedder;
use projections::search::SearchEngine;
use projections::user::sessions::{self, SessionState};
use projections::{Progress, Source};
use sqlx::PgPool;
use tokio::sync::watch;
use uuid::Uuid;

use crate::analytics::{Machine, Overviews};
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::problem::Problem;
use crate::token::Tokens;

/// How long a read waits for the reader's own writes.
const READ_WAIT: Duration = Duration::from_secs(2);
/// How long the state of a session is believed without asking.
const SESSION_CACHE: Duration = Duration::from_secs(1);
/// Entries of the caches of this node.
const CACHE_LIMIT: usize = 50_000;

/// Who may sign up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registration {
    Open,
    Closed,
}

/// The choices of the operator that handlers heed.
#[derive(Debug, Clone)]
pub struct Settings {
    pub registration: Registration,
    pub rate_limit: bool,
    /// Whether cookies are for TLS alone.
    pub secure_cookies: bool,
    /// Who may tell for whom it asks.
    pub trusted_proxies: Vec<IpNet>,
    /// The model where neither message, conversation nor assistant names one.
    pub default_model: String,
    /// Host and port of places in private networks that may be called.
    pub egress_allow: Vec<String>,
    /// What to type to chat in a terminal, for the first page.
    pub chat_command: String,
    /// Whether the web client is served.
    pub web_client: bool,
    /// Bytes of one file, at most.
    pub max_file: u64,
    /// Bytes of the files of one person, at most.
    pub file_quota: u64,
    /// Where backups lie.
    pub backups: Folder,
    /// How often one is made by itself.
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
    pub feed: Feed,
    pub progress: Progress,
    pub live: Live,
    /// Where this process answers as well.
    pub seats: Option<Seats>,
    pub search: SearchEngine,
    /// What finds passages by their meaning, where a model is chosen.
    pub embedder: Option<Arc<dyn Embedder>>,
    pub metrics: Arc<Metrics>,
    /// Servers of models that were found on this machine.
    pub local_servers: watch::Receiver<Vec<LocalServer>>,
    pub machine: Machine,
    pub overview: Overviews,
    pub tokens: Tokens,
    pub cursor_key: [u8; 32],
    /// Derives refresh tokens from those before them.
    pub refresh_key: [u8; 32],
    pub setup_token: String,
    pub settings: Settings,
    pub limits: Limits,
    /// Set when the server stops: streams end themselves and say so.
    pub closing: watch::Sender<bool>,
    sessions: Mutex<HashMap<Uuid, (Instant, SessionState)>>,
    /// The last position that each principal wrote through this node.
    written: Mutex<HashMap<Uuid, i64>>,
}

/// The parts that are made outside.
#[derive(Debug)]
pub struct Parts {
    pub pool: PgPool,
    pub log: Log,
    pub keys: Keys,
    pub files: Files,
    pub executor: Executor,
    pub feed: Feed,
    pub progress: Progress,
    pub live: Live,
    /// Where this process answers as well.
    pub seats: Option<Seats>,
    pub search: SearchEngine,
    pub embedder: Option<Arc<dyn Embedder>>,
    pub metrics: Arc<Metrics>,
    /// Servers of models that were found on this machine.
    pub local_servers: watch::Receiver<Vec<LocalServer>>,
    pub settings: Settings,
}

impl App {
    pub async fn new(parts: Parts) -> Result<Arc<Self>, eventstore::keys::KeyError> {
        let signing = parts.keys.signing_key("access-token").await?;
        let cursor_key = parts.keys.signing_key("cursor").await?;
        let refresh_key = parts.keys.signing_key("refresh-token").await?;
        let setup = parts.keys.signing_key("setup").await?;
        Ok(Arc::new(Self {
            tokens: Tokens::new(parts.log.id, &signing),
            cursor_key,
            refresh_key,
            setup_token: hex(&setup[..16]),
            limits: Limits::new(parts.settings.rate_limit),
            closing: watch::Sender::new(false),
            pool: parts.pool,
            log: parts.log,
            keys: parts.keys,
            files: parts.files,
            executor: parts.executor,
            feed: parts.feed,
            progress: parts.progress,
            live: parts.live,
            seats: parts.seats,
            search: parts.search,
            embedder: parts.embedder,
            metrics: parts.metrics,
            local_servers: parts.local_servers,
            machine: Machine::new(),
            overview: Overviews::default(),
            settings: parts.settings,
            sessions: Mutex::default(),
            written: Mutex::default(),
        }))
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

    /// Executes a command and remembers its position for the reads of a principal.
    pub async fn execute(
        &self,
        principal: Uuid,
        execution: Execution,
    ) -> Result<Committed, Problem> {
        Ok(self.try_execute(principal, execution).await?)
    }

    /// The same for who looks into what went wrong.
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
        let last = written.entry(principal).or_default();
        *last = committed.position.max(*last);
        Ok(committed)
    }

    /// What an earlier request did that this one repeats: asked where the state of before is needed to try again.
    pub async fn repeated(&self, key: Option<Idempotency>) -> Result<Option<Committed>, Problem> {
        match key {
            Some(key) => Ok(self.executor.repeated(&key).await?),
            None => Ok(None),
        }
    }

    /// Waits until the views show what a principal wrote, or the position that it asks for, and tells the checkpoint.
    pub async fn read_position(&self, principal: Uuid, asked: Option<i64>) -> Result<i64, Problem> {
        let own = {
            let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
            written.get(&principal).copied().unwrap_or(0)
        };
        let wanted = own.max(asked.unwrap_or(0));
        let reached = self.progress.reach(wanted, READ_WAIT).await?;
        let Some(asked) = asked.filter(|_| reached < wanted) else {
            return Ok(reached);
        };
        if asked > self.feed.head() {
            return Err(Problem::unreadable(
                "convosphere-min-position",
                "unknown_position",
                "the log has no such position; send one that a write has returned",
            ));
        }
        Err(Problem::unavailable(
            "projection_behind",
            "the views have not reached ConvoSphere-Min-Position yet; try again",
        ))
    }

    /// Waits until the views show what somebody has just written: what was taken from others is gone when the answer
    /// comes, unless the views are behind.
    pub async fn seen_by_others(&self, writer: Uuid) -> Result<(), Problem> {
        self.read_position(writer, None).await.map(|_| ())
    }

    /// The state of a session, at most a second old.
    pub async fn session(&self, id: Uuid) -> Result<Option<SessionState>, Problem> {
        let known = {
            let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
            sessions.get(&id).cloned()
        };
        if let Some((read, state)) = known
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
                drop(sessions.insert(id, (Instant::now(), state.clone())));
            }
            _ => drop(sessions.remove(&id)),
        }
        Ok(state)
    }

    /// Forgets what is known of sessions: one of them has just changed.
    pub fn forget_sessions(&self) {
        self.sessions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}
