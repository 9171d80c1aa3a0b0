//! What runs in a process: projectors, the responder, the relay, the HTTP interface.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use api::admin::{self, Admin};
use api::metrics::Metrics;
use api::server::{self, BoundListener};
use api::{App, AppParts, Settings as ApiSettings};
use domain::assistant::{Assistant, AssistantCommand, Configuration, Status, Visibility};
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
    Catalogue, Checker, Egress, Embedding, FileReader, Held, Ingester, KnowledgeBases, Reranking,
    Responder, Stops, TitleModel,
};

use crate::arguments::ServerRole;
use crate::commands::providers;
use crate::commands::serve::chat_command;
use crate::config::Settings;
use crate::failure::Failure;
use crate::installation::Installation;
use crate::private;

/// How long open requests may take when the server stops.
const DRAIN: Duration = Duration::from_secs(10);
/// How long answers may take to end with what they have when the process stops.
const STOP_LIMIT: Duration = Duration::from_secs(5);
const STOP_POLL: Duration = Duration::from_millis(20);
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
    tasks: Vec<Supervisor>,
    /// The connections to the answers of other processes.
    _others: Option<JoinSet<()>>,
    stopping: watch::Sender<bool>,
    seats: Option<ReplySlots>,
    leases: Option<Leases>,
    jobs: Held,
}

/// Whose place a process takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It holds the locks of its roles: whoever had them before has ended.
    Server,
    /// It runs beside a server that may start at any time, and beside others of its kind.
    Guest,
}

impl Roles {
    /// Starts everything but the listener. Views that are projected here have reached the log then.
    #[expect(
        clippy::too_many_lines,
        reason = "one part after the other, and their order matters"
    )]
    pub async fn start(
        i: &Installation,
        roles: &[ServerRole],
        standing: Standing,
    ) -> Result<Self, Failure> {
        let has = |role| roles.contains(&role);
        let live = Live::default();
        let health = i.feed.health().clone();
        let (stop, stopping) = watch::channel(false);
        let mut tasks = Vec::new();
        let held = Held::default();
        let (mut seats, mut answering, mut others) = (None, None, None);
        let (found, local_servers) = watch::channel(Vec::new());
        let embedder = embedder(i)?;
        if let Some(nats) = &i.nats {
            others = Some(deltas::connect(nats, &live));
            if has(ServerRole::Relay) {
                let mut relaying = Supervisor::new(health.clone());
                let (pool, log, feed, nats) = (i.pool.clone(), i.log, i.feed.clone(), nats.clone());
                relaying.spawn("relay", move || {
                    relay::run(pool.clone(), log, feed.clone(), nats.clone())
                });
                tasks.push(relaying);
            }
        }
        if has(ServerRole::Projector) {
            tasks.push(workers::start_projecting(&i.source(), &i.progress, &health));
            tasks.push(workers::start_working(
                i.work(stopping.clone(), &held)?,
                &health,
            ));
            i.progress.reach(i.feed.head(), START_LIMIT).await?;
        }
        if has(ServerRole::Api) {
            let made = ensure_default_assistant(i).await?;
            if has(ServerRole::Projector) {
                i.progress.reach(made, START_LIMIT).await?;
            }
        }
        if has(ServerRole::Scheduler) {
            tasks.push(workers::start_scheduling(i.source(), i.backups(), &health));
        }
        if has(ServerRole::Indexer) {
            tasks.push(workers::start_indexing(
                i.source(),
                i.progress.clone(),
                i.search()?,
                &health,
            ));
        }
        if has(ServerRole::Responder) {
            for given in &i.settings.given {
                providers::follow_environment(i, given).await?;
            }
            let places = i.settings.local_servers.clone();
            let egress = Egress::new().map_err(Failure::failed)?;
            tasks.push(workers::start_looking(places, egress, found, &health));
            let catalogue = providers::catalogue(i)?;
            let leases = leases(i, "responder", standing).await?;
            let checker = Checker {
                catalogue: catalogue.clone(),
                executor: i.executor.clone(),
                progress: i.progress.clone(),
                leases: leases.clone(),
            };
            tasks.push(workers::start_checking(checker, &health));
            let (free, taken) = ReplySlots::new(&leases, i.settings.answer_slots);
            seats = Some(free.clone());
            answering = Some(leases.clone());
            let free = (free, leases);
            let shared = (live.clone(), embedder.clone(), stopping);
            let mut responder = responder(i, catalogue, free, shared)?;
            if standing == Standing::Guest {
                // It ends with its answers: nobody would wait for a title.
                Arc::make_mut(&mut responder.tariff).titles = TitleModel::Nobody;
            }
            tasks.push(workers::start_responding(responder, taken, &health));
        }
        if has(ServerRole::Ingester) {
            let leases = leases(i, "ingester", standing).await?;
            let ingester = ingester(i, leases, embedder.clone())?;
            tasks.push(workers::start_ingesting(ingester, &health));
        }
        let metrics = Arc::new(Metrics::new().map_err(Failure::failed)?);
        let app = match has(ServerRole::Api) {
            true => {
                let shared = (live, seats.clone(), local_servers, embedder);
                Some(app(i, shared, (metrics.clone(), health.clone())).await?)
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
            _others: others,
            stopping: stop,
            seats,
            leases: answering,
            jobs: held,
        })
    }

    /// Ends everything. Answers that are being written end with what they have, jobs are put back.
    pub async fn stop(self) {
        if let Some(seats) = &self.seats {
            seats.close();
        }
        self.stopping.send_replace(true);
        let ended = async {
            while self
                .leases
                .as_ref()
                .is_some_and(|leases| !leases.runs().is_empty())
            {
                tokio::time::sleep(STOP_POLL).await;
            }
            self.jobs.released().await;
        };
        let _ = tokio::time::timeout(STOP_LIMIT, ended).await;
        drop(self.tasks);
    }
}

/// What the HTTP interface has in common with the other roles of its process.
type Shared = (
    Live,
    Option<ReplySlots>,
    watch::Receiver<Vec<LocalServer>>,
    Option<Arc<dyn Embedder>>,
);

async fn app(
    i: &Installation,
    (live, seats, local_servers, embedder): Shared,
    (metrics, health): (Arc<Metrics>, Health),
) -> Result<Arc<App>, Failure> {
    let parts = AppParts {
        search: i.search()?,
        embedder,
        reranker: reranker(i)?,
        pool: i.pool.clone(),
        log: i.log,
        keys: i.keys.clone(),
        files: i.files.clone(),
        executor: i.executor.clone(),
        feed: i.feed.clone(),
        progress: i.progress.clone(),
        live,
        reply_slots: seats,
        metrics,
        health,
        local_servers,
        settings: ApiSettings {
            registration: i.settings.registration,
            limits: i.settings.limits,
            // What is exposed has a proxy in front that carries TLS; without one, on loopback, there is none.
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

/// What answers.
fn responder(
    i: &Installation,
    catalogue: Catalogue,
    (seats, leases): (ReplySlots, Leases),
    (live, embedder, stopping): (Live, Option<Arc<dyn Embedder>>, watch::Receiver<bool>),
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
        reranker: reranker(i)?,
        tariff: Arc::new(i.settings.tariff.clone()),
        stops: Stops::default(),
        stopping,
    })
}

/// What reads documents: this very program, started again for each of them.
fn ingester(
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

/// What reranks in this installation, where a model is chosen.
fn reranker(i: &Installation) -> Result<Option<Arc<dyn Reranker>>, Failure> {
    let Some(name) = &i.settings.reranking_model else {
        return Ok(None);
    };
    Ok(Some(Arc::new(Reranking::new(
        providers::catalogue(i)?,
        name,
    ))))
}

/// The leases of a role of this process. A server releases what the former one with the same lock held, so that its
/// work goes on at once; what others hold expires by itself when they die.
async fn leases(i: &Installation, role: &str, standing: Standing) -> Result<Leases, Failure> {
    let (instance, process) = (instance(i)?, Uuid::new_v4());
    match standing {
        Standing::Server => {
            let former = format!("{instance}/{role}/");
            let leases = Leases::new(i.pool.clone(), &format!("{former}{process}"));
            leases.release_previous(&former).await?;
            Ok(leases)
        }
        Standing::Guest => Ok(Leases::new(
            i.pool.clone(),
            &format!("{instance}/guest-{role}/{process}"),
        )),
    }
}

/// What names the data folder of this process.
fn instance(installation: &Installation) -> Result<String, Failure> {
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
pub async fn bind(listen: SocketAddr) -> Result<BoundListener, Failure> {
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
pub async fn serve(bound: BoundListener, app: Arc<App>, stop: impl Future<Output = ()>) {
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
