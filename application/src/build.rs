//! Builds an application: starts the roles of this process in order.

use std::sync::Arc;
use std::time::Duration;

use api::admin::Admin;
use api::metrics::Metrics;
use api::{App, AppParts};
use domain::provider::LocalServer;
use eventstore::{Health, Supervisor};
use projections::knowledge::{Embedder, Reranker};
use runtime::{Leases, Live, ReplySlots, live, relay};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use workers::{
    Checker, Egress, EmbeddingModel, FileReader, Ingester, JobTracker, KnowledgeBases,
    RerankingModel, Responder, StopRequests, TitleModel,
};

use crate::config::{Config, ProcessKind};
use crate::core::Core;
use crate::default_assistant;
use crate::error::BuildError;
use crate::role::Role;

/// How long the first start waits for the read models.
const START_LIMIT: Duration = Duration::from_mins(1);
/// How long the process waits for partial answers to be saved when it stops.
const STOP_LIMIT: Duration = Duration::from_secs(5);
const STOP_POLL: Duration = Duration::from_millis(20);

/// The running roles of this process. Dropping the value stops them.
#[derive(Debug)]
pub struct Application {
    /// The HTTP interface, if this process has the role.
    pub app: Option<Arc<App>>,
    pub admin: Arc<Admin>,
    tasks: Vec<Supervisor>,
    /// Receives live answers from other processes.
    _live_connection: Option<JoinSet<()>>,
    stopping: watch::Sender<bool>,
    responder: Option<(ReplySlots, Leases)>,
    jobs: JobTracker,
}

impl Application {
    /// Starts everything but the listener. Read models that are projected here have caught up with the log on return.
    pub async fn build(core: Core, config: Config, roles: &[Role]) -> Result<Self, BuildError> {
        let mut parts = Parts::new(core, config)?;
        for role in Role::START_ORDER {
            if roles.contains(&role) {
                parts.start(role).await?;
            }
        }
        Ok(parts.finish())
    }

    /// Stops all roles. Saves partial answers and releases jobs.
    pub async fn stop(self) {
        if let Some((slots, _)) = &self.responder {
            slots.close();
        }
        self.stopping.send_replace(true);
        let stopped = async {
            while let Some((_, leases)) = &self.responder
                && !leases.runs().is_empty()
            {
                tokio::time::sleep(STOP_POLL).await;
            }
            self.jobs.wait_until_idle().await;
        };
        let _ = tokio::time::timeout(STOP_LIMIT, stopped).await;
        drop(self.tasks);
    }
}

/// What the roles of this process share while they start.
struct Parts {
    core: Core,
    config: Config,
    health: Health,
    metrics: Arc<Metrics>,
    live: Live,
    live_connection: Option<JoinSet<()>>,
    embedder: Option<Arc<dyn Embedder>>,
    reranker: Option<Arc<dyn Reranker>>,
    stopping: watch::Sender<bool>,
    jobs: JobTracker,
    local_servers: watch::Receiver<Vec<LocalServer>>,
    responder: Option<(ReplySlots, Leases)>,
    app: Option<Arc<App>>,
    tasks: Vec<Supervisor>,
}

impl Parts {
    fn new(core: Core, config: Config) -> Result<Self, BuildError> {
        let live = Live::default();
        let catalogue = &config.catalogue;
        let embedder = config.embedding_model.as_deref().map(|name| {
            let model = EmbeddingModel::new(catalogue.clone(), name);
            Arc::new(model) as Arc<dyn Embedder>
        });
        let reranker = config.reranking_model.as_deref().map(|name| {
            let model = RerankingModel::new(catalogue.clone(), name);
            Arc::new(model) as Arc<dyn Reranker>
        });
        Ok(Self {
            health: core.feed.health().clone(),
            metrics: Arc::new(
                Metrics::new().map_err(|error| BuildError::Failed(error.to_string()))?,
            ),
            live_connection: core
                .nats
                .as_ref()
                .map(|nats| live::connect(nats, &live, core.clock.new_id())),
            live,
            embedder,
            reranker,
            stopping: watch::Sender::new(false),
            jobs: JobTracker::default(),
            local_servers: watch::channel(vec![]).1,
            responder: None,
            app: None,
            tasks: vec![],
            core,
            config,
        })
    }

    async fn start(&mut self, role: Role) -> Result<(), BuildError> {
        match role {
            Role::Relay => self.start_relay(),
            Role::Projector => self.start_projector().await?,
            Role::Scheduler => {
                let (source, backups) = (self.core.source(), self.config.backups.clone());
                let clock = self.core.clock.clone();
                let scheduler = workers::start_scheduling(source, backups, clock, &self.health);
                self.tasks.push(scheduler);
            }
            Role::Indexer => {
                let (source, progress) = (self.core.source(), self.core.progress.clone());
                let search = self.config.search.clone();
                let indexer = workers::start_indexing(source, progress, search, &self.health);
                self.tasks.push(indexer);
            }
            Role::Responder => self.start_responder().await?,
            Role::Ingester => {
                let ingester = self.build_ingester().await?;
                let ingester = workers::start_ingesting(ingester, &self.health);
                self.tasks.push(ingester);
            }
            Role::Api => self.start_api().await?,
        }
        Ok(())
    }

    fn start_relay(&mut self) {
        let Some(nats) = self.core.nats.clone() else {
            return;
        };
        let mut supervisor = Supervisor::new(self.health.clone());
        let core = self.core.clone();
        supervisor.spawn("relay", move || {
            relay::run(core.pool.clone(), core.log, core.feed.clone(), nats.clone())
        });
        self.tasks.push(supervisor);
    }

    async fn start_projector(&mut self) -> Result<(), BuildError> {
        let (source, progress) = (self.core.source(), &self.core.progress);
        let projecting = workers::start_projecting(&source, progress, &self.health);
        self.tasks.push(projecting);
        let stopping = self.stopping.subscribe();
        let context = self.config.job_context(&self.core, stopping, &self.jobs);
        let jobs = workers::start_jobs(context, &self.health);
        self.tasks.push(jobs);
        let head = self.core.feed.head();
        self.core.progress.wait_for(head, START_LIMIT).await?;
        Ok(())
    }

    async fn start_responder(&mut self) -> Result<(), BuildError> {
        for provider in &self.config.environment_providers {
            provider.apply(&self.core).await?;
        }
        let egress = Egress::new().map_err(|error| BuildError::Failed(error.to_string()))?;
        let candidates = self.config.local_servers.clone();
        let (found, local_servers) = watch::channel(vec![]);
        self.local_servers = local_servers;
        let discovery = workers::start_local_discovery(candidates, egress, found, &self.health);
        let leases = self.open_leases("responder").await?;
        let checker = Checker {
            catalogue: self.config.catalogue.clone(),
            executor: self.core.executor.clone(),
            progress: self.core.progress.clone(),
            leases: leases.clone(),
        };
        let checking = workers::start_checking(checker, &self.health);
        let (slots, claimed_runs) = ReplySlots::new(&leases, self.config.answer_slots);
        let responder = self.build_responder(slots.clone(), leases.clone());
        let responding = workers::start_responding(responder, claimed_runs, &self.health);
        self.responder = Some((slots, leases));
        self.tasks.extend([discovery, checking, responding]);
        Ok(())
    }

    fn build_responder(&self, reply_slots: ReplySlots, leases: Leases) -> Responder {
        let mut model_settings = self.config.model_settings.clone();
        if self.config.kind == ProcessKind::Command {
            // A command ends with its answer and does not wait for a title.
            model_settings.titles = TitleModel::None;
        }
        Responder {
            catalogue: self.config.catalogue.clone(),
            pool: self.core.pool.clone(),
            executor: self.core.executor.clone(),
            progress: self.core.progress.clone(),
            live: self.live.clone(),
            leases,
            reply_slots,
            knowledge: KnowledgeBases::default(),
            reader: FileReader {
                files: self.core.files.clone(),
                program: self.config.program.clone(),
                at_once: Arc::new(Semaphore::new(self.config.document_slots)),
            },
            embedder: self.embedder.clone(),
            reranker: self.reranker.clone(),
            model_settings: Arc::new(model_settings),
            stop_requests: StopRequests::default(),
            stopping: self.stopping.subscribe(),
        }
    }

    async fn build_ingester(&self) -> Result<Ingester, BuildError> {
        Ok(Ingester {
            source: self.core.source(),
            executor: self.core.executor.clone(),
            progress: self.core.progress.clone(),
            files: self.core.files.clone(),
            leases: self.open_leases("ingester").await?,
            program: self.config.program.clone(),
            slots: self.config.document_slots,
            embedder: self.embedder.clone(),
        })
    }

    async fn start_api(&mut self) -> Result<(), BuildError> {
        let position = default_assistant::ensure(&self.core).await?;
        self.core.progress.wait_for(position, START_LIMIT).await?;
        let request_pool = self.config.request_pool.clone();
        let app = App::new(AppParts {
            pool: request_pool.unwrap_or_else(|| self.core.pool.clone()),
            log: self.core.log,
            keys: self.core.keys.clone(),
            files: self.core.files.clone(),
            executor: self.core.executor.clone(),
            clock: self.core.clock.clone(),
            feed: self.core.feed.clone(),
            progress: self.core.progress.clone(),
            live: self.live.clone(),
            reply_slots: self.responder.as_ref().map(|(slots, _)| slots.clone()),
            search: self.config.search.clone(),
            embedder: self.embedder.clone(),
            reranker: self.reranker.clone(),
            metrics: self.metrics.clone(),
            health: self.health.clone(),
            local_servers: self.local_servers.clone(),
            settings: self.config.http.clone(),
        });
        self.app = Some(app.await?);
        Ok(())
    }

    /// Opens the leases of a role of this process. A server releases those of the previous process with the same lock,
    /// so that its work continues at once. Leases of other processes expire after they die.
    async fn open_leases(&self, role: &str) -> Result<Leases, BuildError> {
        let (instance, process) = (&self.config.instance, self.core.clock.new_id());
        let pool = self.core.pool.clone();
        match self.config.kind {
            ProcessKind::Server => {
                let prefix = format!("{instance}/{role}/");
                let leases = Leases::new(pool, &format!("{prefix}{process}"));
                leases.release_previous(&prefix).await?;
                Ok(leases)
            }
            ProcessKind::Command => Ok(Leases::new(
                pool,
                &format!("{instance}/guest-{role}/{process}"),
            )),
        }
    }

    fn finish(self) -> Application {
        let admin = Arc::new(Admin {
            pool: self.core.pool,
            log: self.core.log,
            feed: self.core.feed,
            progress: self.core.progress,
            metrics: self.metrics,
            health: self.health,
        });
        Application {
            app: self.app,
            admin,
            tasks: self.tasks,
            _live_connection: self.live_connection,
            stopping: self.stopping,
            responder: self.responder,
            jobs: self.jobs,
        }
    }
}
