//! The configuration: defaults, then the file, then the environment, then flags. All errors are reported together.

mod backups;
pub mod edit;
mod environment_providers;
mod files;
mod http;
mod keys;
mod layers;
mod limits;
mod log;
mod model_settings;
mod server;
mod times;

use std::path::{Path, PathBuf};
use std::time::Duration;

use application::EnvironmentProvider;
use domain::provider::LocalServer;
use eventstore::backup::Folder;
use workers::{ModelSettings, Timeouts};

pub use self::http::program_path;
use self::keys::KEYS;
use self::layers::{Layers, read_environment, read_file};
pub use self::layers::{Origin, Value};
pub use self::log::Log;
pub use self::server::Server;
use crate::failure::Failure;
use crate::flags::Flags;

const DEFAULT_FILE: &str = "config.toml";

/// The effective configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    pub data_dir: PathBuf,
    /// Whether the folder was set on the command line, so that other commands need the flag as well.
    pub data_dir_is_set: bool,
    pub server: Server,
    /// Limits per person; `None` if rate limiting is off.
    pub limits: Option<api::limits::PerPerson>,
    pub answer_slots: usize,
    /// The default model, if the operator sets it.
    pub default_model: Option<String>,
    /// The model that embeds documents, as PROVIDER/MODEL.
    pub embedding_model: Option<String>,
    /// The model that reranks search results, as PROVIDER/MODEL.
    pub reranking_model: Option<String>,
    /// Fallback models, title model and prices.
    pub models: ModelSettings,
    /// Timeouts of providers.
    pub timeouts: Timeouts,
    pub egress_allow: Vec<String>,
    /// Providers from environment variables such as `OPENAI_API_KEY`.
    pub environment_providers: Vec<EnvironmentProvider>,
    /// Model servers that may run on this machine. Those that answer are offered to administrators.
    pub local_servers: Vec<LocalServer>,
    pub database_url: Option<String>,
    pub nats_url: Option<String>,
    pub meilisearch_url: Option<String>,
    pub meilisearch_key: Option<String>,
    pub files: eventstore::files::StoreLocation,
    pub max_file: u64,
    pub file_quota: u64,
    /// Documents processed at the same time.
    pub document_slots: usize,
    pub backups: Folder,
    /// The interval between scheduled backups.
    pub backup_every: Option<Duration>,
    pub master_key_file: PathBuf,
    pub postgres_bin: Option<PathBuf>,
    pub log: Log,
    /// The path of the configuration file, whether it exists or not.
    pub file: PathBuf,
    /// Every value and its origin, for `config show`.
    pub values: Vec<(&'static str, Value)>,
}

/// Reads all layers, of which `overrides` is the last. The errors of all of them become one failure, one per line.
pub fn load(flags: &Flags, overrides: &[(&'static str, String)]) -> Result<Settings, Failure> {
    load_with(flags, overrides, config_file(flags))
}

/// Like [`load`], with another configuration file.
fn load_with(
    flags: &Flags,
    overrides: &[(&'static str, String)],
    file: PathBuf,
) -> Result<Settings, Failure> {
    let mut errors = Vec::new();
    let mut layers = Layers::defaults();
    let data_dir = flags.data_dir();
    if flags.config.is_some() || file.exists() {
        read_file(&file, &mut layers, &mut errors);
    }
    read_environment(std::env::vars(), &mut layers, &mut errors);
    if let Some(folder) = &flags.postgres_bin {
        layers.set("postgres.bin", folder.display().to_string(), Origin::Flag);
    }
    for (name, value) in overrides {
        layers.set(name, value.clone(), Origin::Flag);
    }
    let settings = build_settings(data_dir, &layers, &mut errors).map(|settings| Settings {
        data_dir_is_set: flags.data_dir.is_some(),
        file,
        ..settings
    });
    match settings {
        Some(settings) if errors.is_empty() => Ok(settings),
        _ => Err(Failure::Usage(format!(
            "the configuration is invalid:\n  {}",
            errors.join("\n  ")
        ))),
    }
}

/// The path of the configuration file, whether it exists or not.
pub fn config_file(flags: &Flags) -> PathBuf {
    let default = || flags.data_dir().join(DEFAULT_FILE);
    flags.config.clone().unwrap_or_else(default)
}

fn build_settings(
    data_dir: PathBuf,
    layers: &Layers,
    errors: &mut Vec<String>,
) -> Option<Settings> {
    let server = server::read(layers, errors);
    let limits = limits::read(layers, errors);
    let answer_slots = parse_slots(layers, "responder.slots", errors);
    let document_slots = parse_slots(layers, "ingester.slots", errors);
    let embedding_model = model_settings::read_embedding(layers, errors);
    let reranking_model = model_settings::read_reranking(layers, errors);
    let models = model_settings::read(layers, errors);
    let timeouts = times::read(layers, errors);
    let max_file = layers.parse("files.max_bytes", "a number of bytes", errors);
    let file_quota = layers.parse("files.quota_bytes", "a number of bytes", errors);
    let files = files::read(&data_dir, layers, errors);
    let backups = backups::read(&data_dir, layers, errors);
    let log = log::read(layers, errors);
    let optional = |name| Some(layers.text(name)).filter(|text| !text.is_empty());
    Some(Settings {
        data_dir_is_set: false,
        server: server?,
        limits: limits.map(|(enabled, allowed)| enabled.then_some(allowed))?,
        answer_slots: answer_slots?,
        default_model: optional("models.default").map(str::to_owned),
        embedding_model,
        reranking_model,
        models,
        timeouts: timeouts?,
        egress_allow: layers.list("egress.allow"),
        environment_providers: environment_providers::read(),
        local_servers: environment_providers::local_servers(),
        database_url: optional("database.url").map(str::to_owned),
        nats_url: optional("nats.url").map(str::to_owned),
        meilisearch_url: optional("meilisearch.url").map(str::to_owned),
        meilisearch_key: optional("meilisearch.key").map(str::to_owned),
        files: files?,
        max_file: max_file?,
        file_quota: file_quota?,
        document_slots: document_slots?,
        backup_every: backups.as_ref()?.1,
        backups: backups?.0,
        master_key_file: optional("master_key.file")
            .map_or_else(|| data_dir.join("master.key"), PathBuf::from),
        postgres_bin: optional("postgres.bin").map(PathBuf::from),
        log: log?,
        file: data_dir.join(DEFAULT_FILE),
        values: KEYS
            .iter()
            .map(|key| (key.name, layers.value(key.name)))
            .collect(),
        data_dir,
    })
}

/// The number of tasks that run at the same time.
fn parse_slots(layers: &Layers, key: &'static str, errors: &mut Vec<String>) -> Option<usize> {
    let slots: Option<usize> = layers.parse(key, "a positive number", errors);
    if slots == Some(0) {
        errors.push(format!("{key}: must be a positive number"));
    }
    slots
}

impl Settings {
    /// The path of a file in the data folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.data_dir.join(name)
    }
}

/// The folder of the PostgreSQL binaries that `make run` downloads, if the program runs in a checkout.
pub fn fetched_binaries() -> Vec<PathBuf> {
    let program = std::env::current_exe().unwrap_or_default();
    let checkout = program
        .ancestors()
        .find(|folder| folder.join("Cargo.toml").exists());
    let bin = |folder: &Path| folder.join(".tools/postgres/bin");
    checkout.map(bin).into_iter().collect()
}
