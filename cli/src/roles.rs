//! What runs in a process: projectors, the responder, the relay, the HTTP interface.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use api::admin::{self, Admin};
use api::metrics::Metrics;
use api::server::{self, Bound};
use api::{App, Parts, Settings as ApiSettings};
use domain::assistant::{Assistant, AssistantCommand, Configuration, Status, Visibility};
use domain::provider::LocalServer;
use eventstore::executor::{Context, step};
use eventstore::nats::{deltas, relay};
use eventstore::{Execution, ExecutorError, Leases, Live, Seats};
use projections::assistant::queries;
use projections::knowledge::Embedder;
use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use uuid::Uuid;
use workers::{Catalogue, Egress, Embedding, FileReader, Ingester, KnowledgeBases, Responder};

use crate::arguments::ServerRole;
use crate::commands::providers;
use crate::commands::serve::chat_command;
use crate::config::Settings;
use crate::failure::Failure;
use crate::installation::Installation;
use crate::private;

/// How long open requests may take when the server stops.
const DRAIN: Duration = Duration::from_secs(10);
/// How long the first start waits for its views.
const START_LIMIT: Duration = Duration::from_mins(1);
/// Connections of clients at once, where the operating system allows as many files.
const CONNECTIONS: usize = 20_000;
/// Files that are not for clients: the database, NATS, providers, operators.
const OTHER_FILES: usize = 256;
/// Tells other commands where a process without the HTTP interface says how it is.
pub const ADMIN_FILE: &str = "admin.url";
/// Connections of operators at once.
const OPERATORS: usize = 64;

/// The running roles of this process. Dropping it ends them.
#[derive(Debug)]
pub struct Roles {
    /// Where this process answers HTTP.
    pub app: Option<Arc<App>>,
    /// What it tells operators.
    pub admin: Arc<Admin>,
    _tasks: Vec<JoinSet<()>>,
}

impl Roles {
    /// Starts everything but the listener. Views that are projected here have reached the log then.
    pub async fn start(i: &Installation, roles: &[ServerRole]) -> Result<Self, Failure> {
        let has = |role| roles.contains(&role);
        let live = Live::default();
        let mut tasks = Vec::new();
        let mut seats = None;
        let (found, local_servers) = watch::channel(Vec::new());
        let embedder = embedder(i)?;
        if let Some(nats) = &i.nats {
            tasks.push(deltas::connect(nats, &live));
            if has(ServerRole::Relay) {
                let mut relaying = JoinSet::new();
                relaying.spawn(relay::run(
                    i.pool.clone(),
                    i.log,
                    i.feed.clone(),
                    nats.clone(),
                ));
                tasks.push(relaying);
            }
        }
        if has(ServerRole::Projector) {
            tasks.push(workers::start_projecting(&i.source(), &i.progress));
            tasks.push(workers::start_working(i.work()?));
            i.progress.reach(i.feed.head(), START_LIMIT).await?;
        }
        if has(ServerRole::Api) {
            let made = ensure_default_assistant(i).await?;
            if has(ServerRole::Projector) {
                i.progress.reach(made, START_LIMIT).await?;
            }
        }
        if has(ServerRole::Scheduler) {
            tasks.push(workers::start_scheduling(i.source(), i.backups()));
        }
        if has(ServerRole::Indexer) {
            tasks.push(workers::start_indexing(
                i.source(),
                i.progress.clone(),
                i.search()?,
            ));
        }
        if has(ServerRole::Responder) {
            for given in &i.settings.given {
                providers::follow_environment(i, given).await?;
            }
            let places = i.settings.local_servers.clone();
            let egress = Egress::new().map_err(Failure::failed)?;
            tasks.push(workers::start_looking(places, egress, found));
            let catalogue = providers::catalogue(i)?;
            let leases = Leases::new(i.pool.clone(), &owner(i)?);
            tasks.push(workers::start_checking(
                catalogue.clone(),
                i.executor.clone(),
                i.progress.clone(),
                leases.clone(),
            ));
            let (free, taken) = Seats::new(&leases, i.settings.answer_slots);
            seats = Some(free.clone());
            let free = (free, leases);
            let responder = responder(i, catalogue, free, (live.clone(), embedder.clone()))?;
            tasks.push(workers::start_responding(responder, taken));
        }
        if has(ServerRole::Ingester) {
            tasks.push(workers::start_ingesting(ingester(i, embedder.clone())?));
        }
        let metrics = Arc::new(Metrics::new().map_err(Failure::failed)?);
        let app = match has(ServerRole::Api) {
            true => {
                let shared = (live, seats, local_servers, embedder);
                Some(app(i, shared, metrics.clone()).await?)
            }
            false => None,
        };
        let admin = Arc::new(Admin {
            pool: i.pool.clone(),
            log: i.log,
            feed: i.feed.clone(),
            progress: i.progress.clone(),
            metrics,
        });
        Ok(Self {
            app,
            admin,
            _tasks: tasks,
        })
    }
}

/// What the HTTP interface has in common with the other roles of its process.
type Shared = (
    Live,
    Option<Seats>,
    watch::Receiver<Vec<LocalServer>>,
    Option<Arc<dyn Embedder>>,
);

async fn app(
    i: &Installation,
    (live, seats, local_servers, embedder): Shared,
    metrics: Arc<Metrics>,
) -> Result<Arc<App>, Failure> {
    let parts = Parts {
        search: i.search()?,
        embedder,
        pool: i.pool.clone(),
        log: i.log,
        keys: i.keys.clone(),
        files: i.files.clone(),
        executor: i.executor.clone(),
        feed: i.feed.clone(),
        progress: i.progress.clone(),
        live,
        seats,
        metrics,
        local_servers,
        settings: ApiSettings {
            registration: i.settings.registration,
            rate_limit: i.settings.rate_limit,
            // On loopback there is no TLS, and browsers take no secure cookie; beyond it a proxy carries TLS.
            secure_cookies: !i.settings.listen.ip().is_loopback(),
            trusted_proxies: i.settings.trusted_proxies.clone(),
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

/// What answers.
fn responder(
    i: &Installation,
    catalogue: Catalogue,
    (seats, leases): (Seats, Leases),
    (live, embedder): (Live, Option<Arc<dyn Embedder>>),
) -> Result<Responder, Failure> {
    Ok(Responder {
        catalogue,
        pool: i.pool.clone(),
        executor: i.executor.clone(),
        progress: i.progress.clone(),
        live,
        leases,
        seats,
        knowledge: KnowledgeBases::default(),
        reader: FileReader {
            files: i.files.clone(),
            program: std::env::current_exe()?,
            at_once: Arc::new(Semaphore::new(i.settings.document_slots)),
        },
        embedder,
        tariff: Arc::new(i.settings.tariff.clone()),
    })
}

/// What reads documents: this very program, started again for each of them.
fn ingester(i: &Installation, embedder: Option<Arc<dyn Embedder>>) -> Result<Ingester, Failure> {
    Ok(Ingester {
        source: i.source(),
        executor: i.executor.clone(),
        progress: i.progress.clone(),
        files: i.files.clone(),
        leases: Leases::new(i.pool.clone(), &format!("{}-ingester", owner(i)?)),
        program: std::env::current_exe()?,
        slots: i.settings.document_slots,
        embedder,
    })
}

/// What embeds in this installation, where a model is chosen.
fn embedder(i: &Installation) -> Result<Option<Arc<dyn Embedder>>, Failure> {
    let Some(name) = &i.settings.embedding_model else {
        return Ok(None);
    };
    Ok(Some(Arc::new(Embedding::new(
        providers::catalogue(i)?,
        name,
    ))))
}

/// The name under which this installation holds leases. Only one server has a data folder, so what its former self
/// held is its own to take over.
fn owner(installation: &Installation) -> Result<String, Failure> {
    let path = installation.settings.file("instance");
    if let Ok(name) = std::fs::read_to_string(&path)
        && Uuid::parse_str(name.trim()).is_ok()
    {
        return Ok(name.trim().to_owned());
    }
    let name = Uuid::new_v4().to_string();
    private::write(&path, &name)?;
    Ok(name)
}

/// Makes the assistant that answers where none is chosen; with several nodes, the first one does. Tells the position
/// after which views show it.
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
    let command = AssistantCommand::CreateAssistant {
        owner: None,
        configuration,
        visibility: Visibility::Everyone,
        status: Status::Active,
        is_default: true,
    };
    let execution = Execution {
        reserve: vec![("assistant", "default".to_owned(), id.to_string())],
        ..Execution::new(
            Context::system("setup"),
            vec![step::<Assistant>(id, None, command)],
        )
    };
    match installation.executor.execute(execution).await {
        Ok(committed) => Ok(committed.position),
        Err(ExecutorError::Reserved(_)) => Ok(0),
        Err(error) => Err(error.into()),
    }
}

/// Binds an address; one that is taken is said in one line.
pub async fn bind(listen: SocketAddr) -> Result<Bound, Failure> {
    server::bind(listen)
        .await
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => Failure::Unavailable(format!(
                "{listen} is taken by another program; choose another with --listen 127.0.0.1:{}",
                listen.port().wrapping_add(1).max(1024)
            )),
            _ => Failure::Unavailable(format!("{listen}: {error}")),
        })
}

/// Serves until told to stop, then lets open requests end and tells streams why they close.
pub async fn serve(bound: Bound, app: Arc<App>, stop: impl Future<Output = ()>) {
    let closing = app.clone();
    let stop = async move {
        stop.await;
        closing.closing.send_replace(true);
    };
    bound
        .serve(api::endpoint(app), connections(), stop, DRAIN)
        .await;
}

/// How many clients there may be at once, after the process has asked for all the files that it may have.
fn connections() -> usize {
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
    files.map_or(CONNECTIONS, |files| {
        files
            .saturating_sub(OTHER_FILES)
            .clamp(OPERATORS, CONNECTIONS)
    })
}

/// Tells operators of this process until told to stop. A usual address that another process has is no obstacle.
pub async fn serve_admin(settings: &Settings, admin: Arc<Admin>) -> Result<JoinSet<()>, Failure> {
    let mut tasks = JoinSet::new();
    let bound = match bind(settings.admin_listen).await {
        Ok(bound) => bound,
        Err(failure) if settings.admin_chosen => return Err(failure),
        Err(_) => {
            tracing::info!(
                address = %settings.admin_listen,
                "metrics are not served: another program has the address; choose one with --admin-listen"
            );
            return Ok(tasks);
        }
    };
    let url = format!("http://{}", bound.address);
    private::write(&settings.file(ADMIN_FILE), &url)?;
    let endless = std::future::pending();
    tasks.spawn(bound.serve(admin::endpoint(admin), OPERATORS, endless, DRAIN));
    Ok(tasks)
}
