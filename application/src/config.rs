//! What an application is built from besides its log.

use std::path::PathBuf;

use domain::provider::LocalServer;
use eventstore::anchors::Anchors;
use projections::search::SearchEngine;
use sqlx::PgPool;
use tokio::sync::watch;
use workers::{Backups, Catalogue, JobContext, JobTracker, ModelSettings};

use crate::core::Core;
use crate::environment::EnvironmentProvider;

/// What an application is built from besides its log.
#[derive(Debug, Clone)]
pub struct Config {
    pub kind: ProcessKind,
    /// Identifies the installation's data folder in the owners of leases.
    pub instance: String,
    /// This program, which reads documents and imports in a sandbox.
    pub program: PathBuf,
    pub http: api::Settings,
    /// A separate pool for requests, so that background work cannot take their connections.
    pub request_pool: Option<PgPool>,
    pub search: SearchEngine,
    pub catalogue: Catalogue,
    pub model_settings: ModelSettings,
    /// The model that embeds documents, as PROVIDER/MODEL.
    pub embedding_model: Option<String>,
    /// The model that reranks search results, as PROVIDER/MODEL.
    pub reranking_model: Option<String>,
    /// Providers to add or update at the start.
    pub environment_providers: Vec<EnvironmentProvider>,
    /// Model servers that may run on this machine. Those that answer are offered to administrators.
    pub local_servers: Vec<LocalServer>,
    /// Answers generated at the same time.
    pub answer_slots: usize,
    /// Documents processed at the same time.
    pub document_slots: usize,
    pub backups: Backups,
    pub anchors: Anchors,
}

impl Config {
    /// The context in which jobs run.
    pub fn job_context(
        &self,
        core: &Core,
        stopping: watch::Receiver<bool>,
        tracker: &JobTracker,
    ) -> JobContext {
        JobContext {
            source: core.source(),
            executor: core.executor.clone(),
            progress: core.progress.clone(),
            files: core.files.clone(),
            backups: self.backups.clone(),
            anchors: self.anchors.clone(),
            program: self.program.clone(),
            max_file: self.http.max_file,
            file_quota: self.http.file_quota,
            stopping,
            tracker: tracker.clone(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProcessKind {
    /// Holds the locks of its roles: the previous process with these roles has ended.
    Server,
    /// Runs without locks, beside other commands and a server that may start at any time.
    Command,
}
