//! The parts of the server that run in a process: projectors, responder, relay, HTTP interface and so on.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use api::admin::{self, Admin};
use api::metrics::Metrics;
use api::server::{self, BoundListener};
use api::{App, AppParts, Settings as ApiSettings};
use domain::assistant::{Configuration, CreateAssistant, Status, Visibility};
use domain::provider::LocalServer;
use eventstore::executor::{Context, step};
use eventstore::nats::{deltas, relay};
use eventstore::{Execution, ExecutorError, Health, Leases, Live, ReplySlots, Supervisor};
use projections::assistant::queries;
use projections::knowledge::{Embedder, Reranker};
use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use uuid::Uuid;
use workers::{
    Catalogue, Checker, Egress, EmbeddingModel, FileReader, Ingester, JobTracker, KnowledgeBases,
    RerankingModel, Responder, StopRequests, TitleModel,
};

use crate::arguments::ServerRole;
use crate::commands::providers;
use crate::commands::serve::chat_command;
use crate::config::Settings;
use crate::failure::Failure;
use crate::installation::Installation;
use crate::private_files;

/// How long open requests may take when the server stops.
const DRAIN_LIMIT: Duration = Duration::from_secs(10);
/// How long the process waits for partial answers to be saved when it stops.
const STOP_LIMIT: Duration = Duration::from_secs(5);
const STOP_POLL: Duration = Duration::from_millis(20);
/// How long the first start waits for the read models.
const START_LIMIT: Duration = Duration::from_mins(1);
/// Maximum number of client connections, if the operating system allows as many open files.
const MAX_CONNECTIONS: usize = 20_000;
/// Open files that are not client connections: database, NATS, providers, operators.
const OTHER_FILES: usize = 256;
/// Contains the URL of the operators' listener, for commands on a process without the HTTP interface.
pub const ADMIN_FILE: &str = "admin.url";
/// Maximum number of operator connections.
const MAX_OPERATORS: usize = 64;

/// The running roles of this process. Dropping the value stops them.
#[derive(Debug)]
pub struct Roles {
    /// The HTTP interface, if this process has the role.
    pub app: Option<Arc<App>>,
    pub admin: Arc<Admin>,
    tasks: Vec<Supervisor>,
    /// Receives live answers from other processes.
    _live_connection: Option<JoinSet<()>>,
    stopping: watch::Sender<bool>,
    reply_slots: Option<ReplySlots>,
    leases: Option<Leases>,
    jobs: JobTracker,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProcessKind {
    /// Holds the locks of its roles: the previous process with these roles has ended.
    Server,
    /// Runs without locks, beside other commands and a server that may start at any time.
    Command,
}

impl Roles {
    /// Starts everything but the listener. Read models that are projected here have caught up with the log on return.
    #[expect(
        clippy::too_many_lines,
        reason = "a sequence of parts whose order matters"
    )]
    pub async fn start(
        i: &Installation,
        roles: &[ServerRole],
        kind: ProcessKind,
    ) -> Result<Self, Failure> {
        let has = |role| roles.contains(&role);
        let live = Live::default();
        let health = i.feed.health().clone();
        let (stop, stopping) = watch::channel(false);
        let mut tasks = Vec::new();
        let jobs = JobTracker::default();
        let (mut reply_slots, mut responder_leases, mut live_connection) = (None, None, None);
        let (local_server_sender, local_servers) = watch::channel(Vec::new());
        let embedder = build_embedder(i)?;
        if let Some(nats) = &i.nats {
            live_connection = Some(deltas::connect(nats, &live));
            if has(ServerRole::Relay) {
                let mut supervisor = Supervisor::new(health.clone());
                let (pool, log, feed, nats) = (i.pool.clone(), i.log, i.feed.clone(), nats.clone());
                supervisor.spawn("relay", move || {
                    relay::run(pool.clone(), log, feed.clone(), nats.clone())
                });
                tasks.push(supervisor);
            }
        }
        if has(ServerRole::Projector) {
            tasks.push(workers::start_projecting(&i.source(), &i.progress, &health));
            tasks.push(workers::start_jobs(
                i.job_context(stopping.clone(), &jobs)?,
                &health,
            ));
            i.progress.wait_for(i.feed.head(), START_LIMIT).await?;
        }
        if has(ServerRole::Api) {
            let position = ensure_default_assistant(i).await?;
            if has(ServerRole::Projector) {
                i.progress.wait_for(position, START_LIMIT).await?;
            }
        }
        if has(ServerRole::Scheduler) {
            tasks.push(workers::start_scheduling(i.source(), i.backups(), &health));
        }
        if has(ServerRole::Indexer) {
            tasks.push(workers::start_indexing(
                i.source(),
                i.progress.clone(),
                i.search_engine()?,
                &health,
            ));
        }
        if has(ServerRole::Responder) {
            for provider in &i.settings.environment_providers {
                providers::sync_environment_provider(i, provider).await?;
            }
            let candidates = i.settings.local_servers.clone();
            let egress = Egress::new().map_err(Failure::failed)?;
            tasks.push(workers::start_local_discovery(
                candidates,
                egress,
                local_server_sender,
                &health,
            ));
            let catalogue = providers::build_catalogue(i)?;
            let leases = open_leases(i, "responder", kind).await?;
            let checker = Checker {
                catalogue: catalogue.clone(),
                executor: i.executor.clone(),
                progress: i.progress.clone(),
                leases: leases.clone(),
            };
            tasks.push(workers::start_checking(checker, &health));
            let (slots, claimed_runs) = ReplySlots::new(&leases, i.settings.answer_slots);
            reply_slots = Some(slots.clone());
            responder_leases = Some(leases.clone());
            let shared = (live.clone(), embedder.clone(), stopping);
            let mut responder = build_responder(i, catalogue, (slots, leases), shared)?;
            if kind == ProcessKind::Command {
                // A command ends with its answer and does not wait for a title.
                Arc::make_mut(&mut responder.model_settings).titles = TitleModel::None;
            }
            tasks.push(workers::start_responding(responder, claimed_runs, &health));
        }
        if has(ServerRole::Ingester) {
            let leases = open_leases(i, "ingester", kind).await?;
            let ingester = build_ingester(i, leases, embedder.clone())?;
            tasks.push(workers::start_ingesting(ingester, &health));
        }
        let metrics = Arc::new(Metrics::new().map_err(Failure::failed)?);
        let app = match has(ServerRole::Api) {
            true => {
                let shared = (live, reply_slots.clone(), local_servers, embedder);
                Some(build_app(i, shared, (metrics.clone(), health.clone())).await?)
            }
            false => None,
        };
        let admin = Arc::new(Admin {
            pool: i.pool.clone(),
            log: i.log,
            feed: i.feed.clone(),
            progress: i.progress.clone(),
            metrics,
            health,
        });
        Ok(Self {
            app,
            admin,
            tasks,
            _live_connection: live_connection,
            stopping: stop,
            reply_slots,
            leases: responder_leases,
            jobs,
        })
    }

    /// Stops all roles. Saves partial answers and releases jobs.
    pub async fn stop(self) {
        if let Some(slots) = &self.reply_slots {
            slots.close();
        }
        self.stopping.send_replace(true);
        let stopped = async {
            while self
                .leases
                .as_ref()
                .is_some_and(|leases| !leases.runs().is_empty())
            {
                tokio::time::sleep(STOP_POLL).await;
            }
            self.jobs.wait_until_idle().await;
        };
        let _ = tokio::time::timeout(STOP_LIMIT, stopped).await;
        drop(self.tasks);
    }
}

/// What the HTTP interface shares with the other roles of its process.
type Shared = (
    Live,
    Option<ReplySlots>,
    watch::Receiver<Vec<LocalServer>>,
    Option<Arc<dyn Embedder>>,
);

async fn build_app(
    i: &Installation,
    (live, reply_slots, local_servers, embedder): Shared,
    (metrics, health): (Arc<Metrics>, Health),
) -> Result<Arc<App>, Failure> {
    let parts = AppParts {
        search: i.search_engine()?,
        embedder,
        reranker: build_reranker(i)?,
        pool: i.pool.clone(),
        log: i.log,
        keys: i.keys.clone(),
        files: i.files.clone(),
        executor: i.executor.clone(),
        feed: i.feed.clone(),
        progress: i.progress.clone(),
        live,
        reply_slots,
        metrics,
        health,
        local_servers,
        settings: ApiSettings {
            registration: i.settings.registration,
            limits: i.settings.limits,
            // An exposed server has a proxy that terminates TLS; a server on loopback has no TLS.
            secure_cookies: i.settings.is_exposed(),
            trusted_proxies: i.settings.trusted_proxies.clone(),
            hosts: i.settings.hosts.clone(),
            default_model: i.settings.default_model.clone(),
            egress_allow: i.settings.egress_allow.clone(),
            chat_command: chat_command(&i.settings),
            web_client: api::pages::client::is_built_in(),
            max_file: i.settings.max_file,
            file_quota: i.settings.file_quota,
            backups: i.settings.backups.clone(),
            backup_every: i.settings.backup_every,
        },
    };
    Ok(App::new(parts).await?)
}

fn build_responder(
    i: &Installation,
    catalogue: Catalogue,
    (reply_slots, leases): (ReplySlots, Leases),
    (live, embedder, stopping): (Live, Option<Arc<dyn Embedder>>, watch::Receiver<bool>),
) -> Result<Responder, Failure> {
    Ok(Responder {
        catalogue,
        pool: i.pool.clone(),
        executor: i.executor.clone(),
        progress: i.progress.clone(),
        live,
        leases,
        reply_slots,
        knowledge: KnowledgeBases::default(),
        reader: FileReader {
            files: i.files.clone(),
            program: std::env::current_exe()?,
            at_once: Arc::new(Semaphore::new(i.settings.document_slots)),
        },
        embedder,
        reranker: build_reranker(i)?,
        model_settings: Arc::new(i.settings.models.clone()),
        stop_requests: StopRequests::default(),
        stopping,
    })
}

/// The ingester starts this program again, in a sandbox, for each document.
fn build_ingester(
    i: &Installation,
    leases: Leases,
    embedder: Option<Arc<dyn Embedder>>,
) -> Result<Ingester, Failure> {
    Ok(Ingester {
        source: i.source(),
        executor: i.executor.clone(),
        progress: i.progress.clone(),
        files: i.files.clone(),
        leases,
        program: std::env::current_exe()?,
        slots: i.settings.document_slots,
        embedder,
    })
}

/// The embedding model, if one is configured.
fn build_embedder(i: &Installation) -> Result<Option<Arc<dyn Embedder>>, Failure> {
    let Some(name) = &i.settings.embedding_model else {
        return Ok(None);
    };
    Ok(Some(Arc::new(EmbeddingModel::new(
        providers::build_catalogue(i)?,
        name,
    ))))
}

/// The reranking model, if one is configured.
fn build_reranker(i: &Installation) -> Result<Option<Arc<dyn Reranker>>, Failure> {
    let Some(name) = &i.settings.reranking_model else {
        return Ok(None);
    };
    Ok(Some(Arc::new(RerankingModel::new(
        providers::build_catalogue(i)?,
        name,
    ))))
}

/// Opens the leases of a role of this process. A server releases those of the previous process with the same lock, so
/// that its work continues at once. Leases of other processes expire after they die.
async fn open_leases(i: &Installation, role: &str, kind: ProcessKind) -> Result<Leases, Failure> {
    let (instance, process) = (instance_id(i)?, Uuid::new_v4());
    match kind {
        ProcessKind::Server => {
            let prefix = format!("{instance}/{role}/");
            let leases = Leases::new(i.pool.clone(), &format!("{prefix}{process}"));
            leases.release_previous(&prefix).await?;
            Ok(leases)
        }
        ProcessKind::Command => Ok(Leases::new(
            i.pool.clone(),
            &format!("{instance}/guest-{role}/{process}"),
        )),
    }
}

/// Identifies the data folder of this process; created on first use.
fn instance_id(installation: &Installation) -> Result<String, Failure> {
    let path = installation.settings.file("instance");
    if let Ok(name) = std::fs::read_to_string(&path)
        && Uuid::parse_str(name.trim()).is_ok()
    {
        return Ok(name.trim().to_owned());
    }
    let name = Uuid::new_v4().to_string();
    private_files::write(&path, &name)?;
    Ok(name)
}

/// Creates the assistant that answers if none is chosen; with several nodes, the first one creates it. Returns the
/// position at which read models contain it.
async fn ensure_default_assistant(installation: &Installation) -> Result<i64, Failure> {
    if queries::default(&installation.pool).await?.is_some() {
        return Ok(0);
    }
    let id = Uuid::now_v7();
    let configuration = Configuration::parse(
        id,
        "Guide",
        "Answers questions about ConvoSphere from its manual.",
        "You are a helpful assistant. Answer briefly and say plainly when you do not know.",
    )
    .map_err(Failure::failed)?;
    let command = CreateAssistant {
        owner: None,
        configuration,
        visibility: Visibility::Everyone,
        status: Status::Active,
        is_default: true,
    };
    let execution = Execution {
        reserve: vec![("assistant", "default".to_owned(), id.to_string())],
        ..Execution::new(Context::system("setup"), vec![step(id, None, command)])
    };
    match installation.executor.execute(execution).await {
        Ok(committed) => Ok(committed.position),
        Err(ExecutorError::Reserved(_)) => Ok(0),
        Err(error) => Err(error.into()),
    }
}

/// Binds an address.
pub async fn bind(listen: SocketAddr) -> Result<BoundListener, Failure> {
    server::bind(listen)
        .await
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => Failure::Unavailable(format!(
                "the address {listen} is already in use; choose another with --listen 127.0.0.1:{}",
                listen.port().wrapping_add(1).max(1024)
            )),
            _ => Failure::Unavailable(format!("cannot listen on {listen}: {error}")),
        })
}

/// Serves HTTP until `stop` completes, then waits for open requests and closes streams with a reason.
pub async fn serve(bound: BoundListener, app: Arc<App>, stop: impl Future<Output = ()>) {
    let closing = app.clone();
    let stop = async move {
        stop.await;
        closing.closing.send_replace(true);
    };
    bound
        .serve(api::endpoint(app), max_connections(), stop, DRAIN_LIMIT)
        .await;
}

/// The maximum number of client connections. Raises the limit of open files to its maximum first.
fn max_connections() -> usize {
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        let raised = rustix::process::Rlimit {
            current: limit.maximum,
            maximum: limit.maximum,
        };
        if setrlimit(Resource::Nofile, raised).is_ok() {
            limit = raised;
        }
    }
    let files = limit.current.and_then(|files| usize::try_from(files).ok());
    files.map_or(MAX_CONNECTIONS, |files| {
        files
            .saturating_sub(OTHER_FILES)
            .clamp(MAX_OPERATORS, MAX_CONNECTIONS)
    })
}

/// Serves metrics and health until the set is dropped. If the default address is in use, the process runs without them.
pub async fn serve_admin(settings: &Settings, admin: Arc<Admin>) -> Result<JoinSet<()>, Failure> {
    let mut tasks = JoinSet::new();
    let bound = match bind(settings.admin_listen).await {
        Ok(bound) => bound,
        Err(failure) if settings.admin_listen_is_set => return Err(failure),
        Err(_) => {
            tracing::info!(
                address = %settings.admin_listen,
                "metrics are not served: the address is already in use; choose another with --admin-listen"
            );
            return Ok(tasks);
        }
    };
    let url = format!("http://{}", bound.address);
    private_files::write(&settings.file(ADMIN_FILE), &url)?;
    let never = std::future::pending();
    tasks.spawn(bound.serve(admin::endpoint(admin), MAX_OPERATORS, never, DRAIN_LIMIT));
    Ok(tasks)
}
