//! What every handler works with.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::provider::LocalServer;
use eventstore::backup::Folder;
use eventstore::chain::hex;
use eventstore::executor::Committed;
use eventstore::idempotency::Idempotency;
use eventstore::{
    Execution, Executor, ExecutorError, Feed, Files, Health, Keys, Live, Log, ReplySlots,
};
use ipnet::IpNet;
use projections::knowledge::{Embedder, Reranker};
use projections::search::SearchEngine;
use projections::user::sessions::{self, SessionState};
use projections::{Progress, Source, Written};
use sqlx::PgPool;
use tokio::sync::watch;
use uuid::Uuid;

use crate::analytics::{Machine, Overviews};
use crate::limits::{Limits, PerPerson};
use crate::metrics::Metrics;
use crate::problem::Problem;
use crate::stream::Rights;
use crate::token::Tokens;

/// How long a read waits for the reader's own writes.
pub(crate) const READ_WAIT: Duration = Duration::from_secs(2);
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
    /// What each person may have under way; where this is none, nothing is limited, tries of passwords neither.
    pub limits: Option<PerPerson>,
    /// Whether cookies are for TLS alone.
    pub secure_cookies: bool,
    /// Who may tell for whom it asks.
    pub trusted_proxies: Vec<IpNet>,
    /// Further host names of the server, where requests for others are refused.
    pub hosts: Option<Vec<String>>,
    /// The model where neither message, conversation nor assistant names one, where the operator has said.
    pub default_model: Option<String>,
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
    pub seats: Option<ReplySlots>,
    pub search: SearchEngine,
    /// What finds passages by their meaning, where a model is chosen.
    pub embedder: Option<Arc<dyn Embedder>>,
    /// What puts them in a better order, where a model is chosen.
    pub reranker: Option<Arc<dyn Reranker>>,
    pub metrics: Arc<Metrics>,
    /// Whether the tasks of this process are well.
    pub health: Health,
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
    /// Whether those who follow something may still read it.
    pub(crate) rights: Arc<Rights>,
    sessions: Mutex<HashMap<Uuid, (Instant, SessionState)>>,
    /// What each principal wrote through this node, and the epoch of the log in which it did.
    written: Mutex<HashMap<Uuid, (u64, Arc<Written>)>>,
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
    pub seats: Option<ReplySlots>,
    pub search: SearchEngine,
    pub embedder: Option<Arc<dyn Embedder>>,
    pub reranker: Option<Arc<dyn Reranker>>,
    pub metrics: Arc<Metrics>,
    /// Whether the tasks of this process are well.
    pub health: Health,
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
        let app = Arc::new(Self {
            tokens: Tokens::new(parts.log.id, &signing),
            cursor_key,
            refresh_key,
            setup_token: hex(&setup[..16]),
            limits: Limits::new(parts.settings.limits),
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
            reranker: parts.reranker,
            metrics: parts.metrics,
            health: parts.health,
            local_servers: parts.local_servers,
            machine: Machine::new(),
            overview: Overviews::default(),
            settings: parts.settings,
            rights: Arc::default(),
            sessions: Mutex::default(),
            written: Mutex::default(),
        });
        tokio::spawn(Arc::clone(&app.rights).keep_checking(Arc::downgrade(&app)));
        Ok(app)
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

    /// What an earlier request did that this one repeats: asked where the state of before is needed to try again.
    pub async fn repeated(&self, key: Option<Idempotency>) -> Result<Option<Committed>, Problem> {
        match key {
            Some(key) => Ok(self.executor.find_committed(&key).await?),
            None => Ok(None),
        }
    }

    /// Waits until the views show what a principal wrote, and the position that it asks for, and returns the checkpoint.
    /// Where they do not in time, the caller is told to try again: an old answer would be taken for the present one.
    pub async fn read_position(&self, principal: Uuid, asked: Option<i64>) -> Result<i64, Problem> {
        let own = {
            let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
            // What was written before the log turned out to be another one will not come.
            let last = written.get(&principal).cloned();
            last.filter(|(epoch, _)| *epoch == self.feed.epoch())
                .map(|(_, own)| own)
        };
        let shown = match own {
            Some(own) => self.progress.reach_written(&own, READ_WAIT).await?,
            None => true,
        };
        let reached = match asked {
            Some(asked) => self.progress.reach(asked, READ_WAIT).await?,
            None => self.progress.position().await?,
        };
        if let Some(asked) = asked.filter(|asked| reached < *asked)
            && asked > self.feed.head()
        {
            return Err(Problem::unreadable(
                "convosphere-min-position",
                "unknown_position",
                "the log has no such position; send one that a write has returned",
            ));
        }
        if !shown || asked.is_some_and(|asked| reached < asked) {
            return Err(Problem::unavailable(
                "projection_behind",
                "what you have written is stored, and the views do not show it yet; try again",
            ));
        }
        Ok(reached)
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
        self.rights.check_now();
    }
}
