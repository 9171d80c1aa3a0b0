//! The configuration: defaults, then the file, then the environment, then flags. All errors are reported together.

mod backups;
pub mod edit;
mod environment_providers;
mod files;
mod http;
mod keys;
mod layers;
mod limits;
mod model_settings;
mod times;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use application::EnvironmentProvider;
use domain::provider::LocalServer;
use eventstore::backup::Folder;
use ipnet::IpNet;
use workers::{ModelSettings, Timeouts};

pub use self::http::program_path;
use self::keys::KEYS;
use self::layers::{Layers, read_environment, read_file};
pub use self::layers::{Origin, Value};
use crate::failure::Failure;
use crate::flags::Flags;

const DEFAULT_FILE: &str = "config.toml";

/// The effective configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    pub data_dir: PathBuf,
    /// Whether the folder was set on the command line, so that other commands need the flag as well.
    pub data_dir_is_set: bool,
    pub listen: SocketAddr,
    pub admin_listen: SocketAddr,
    /// Whether `admin_listen` is configured; an address in use is then an error.
    pub admin_listen_is_set: bool,
    pub registration: api::Registration,
    pub trusted_proxies: Vec<IpNet>,
    /// Host names of the server besides those of this machine; `None` accepts all.
    pub hosts: Option<Vec<String>>,
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
    pub log_level: String,
    pub log_json: bool,
    /// The level of the log files; `None` writes no files.
    pub log_files: Option<String>,
    pub log_keep_days: usize,
    /// The path of the configuration file, whether it exists or not.
    pub file: PathBuf,
    /// Every value and its origin, for `config show`.
    pub values: Vec<(&'static str, Value)>,
}

/// The default addresses of Ollama and LM Studio; `OLLAMA_HOST` changes the former.
fn local_servers() -> Vec<LocalServer> {
    let ollama_host = std::env::var("OLLAMA_HOST").unwrap_or_default();
    let server = |name: &str, base_url: String| LocalServer {
        name: name.to_owned(),
        base_url,
    };
    vec![
        server("ollama", ollama_url(&ollama_host)),
        server("lm-studio", "http://127.0.0.1:1234/v1".to_owned()),
    ]
}

/// `OLLAMA_HOST` is a host, a port, both, or a URL; missing parts have defaults.
fn ollama_url(host: &str) -> String {
    let host = host.trim().trim_end_matches('/');
    let authority = host.strip_prefix("http://").unwrap_or(host);
    let (name, port) = match authority.rsplit_once(':') {
        Some((name, port)) if port.parse::<u16>().is_ok() => (name, port),
        _ => (authority, "11434"),
    };
    // A server that listens on every address is reachable on loopback.
    let name = match name {
        "" | "0.0.0.0" | "[::]" => "127.0.0.1",
        name => name,
    };
    format!("http://{name}:{port}/v1")
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
    let listen: Option<SocketAddr> =
        layers.parse("server.listen", "an address such as 127.0.0.1:8080", errors);
    let admin_listen: Option<SocketAddr> =
        layers.parse("admin.listen", "an address such as 127.0.0.1:9090", errors);
    let trusted_proxies = parse_proxies(layers.text("proxy.trusted"), errors);
    let exposed = listen.is_some_and(|listen| is_exposed(listen, &trusted_proxies));
    if let Some(listen) = listen.filter(|_| exposed && trusted_proxies.is_empty()) {
        errors.push(format!(
            "server.listen: {listen} is reachable from other machines; listen on 127.0.0.1, or set proxy.trusted to the \
             proxy that terminates TLS"
        ));
    }
    let hosts = parse_hosts(layers.text("server.hosts"), exposed, errors);
    let registration = parse_registration(layers.text("server.registration"), exposed, errors);
    let limits = limits::read(layers, errors);
    let answer_slots = parse_slots(layers, "responder.slots", errors);
    let document_slots = parse_slots(layers, "ingester.slots", errors);
    let embedding_model = parse_model(
        layers,
        ("models.embedding", "openai/text-embedding-3-small"),
        errors,
    );
    let reranking_model = parse_model(
        layers,
        (
            "models.reranking",
            "jina/jina-reranker-v2-base-multilingual",
        ),
        errors,
    );
    let models = model_settings::read(layers, errors);
    let timeouts = times::read(layers, errors);
    let max_file = layers.parse("files.max_bytes", "a number of bytes", errors);
    let file_quota = layers.parse("files.quota_bytes", "a number of bytes", errors);
    let files = files::read(&data_dir, layers, errors);
    let backups = backups::read(&data_dir, layers, errors);
    let log_json = match layers.text("log.format") {
        "text" => Some(false),
        "json" => Some(true),
        other => {
            errors.push(format!("log.format: {other:?} must be text or json"));
            None
        }
    };
    let log_keep_days: Option<usize> = layers.parse("log.keep_days", "a number of days", errors);
    let optional = |name| Some(layers.text(name)).filter(|text| !text.is_empty());
    Some(Settings {
        data_dir_is_set: false,
        listen: listen?,
        admin_listen: admin_listen?,
        admin_listen_is_set: layers.value("admin.listen").origin != Origin::Default,
        registration: registration?,
        trusted_proxies,
        hosts,
        limits: limits.map(|(enabled, allowed)| enabled.then_some(allowed))?,
        answer_slots: answer_slots?,
        default_model: optional("models.default").map(str::to_owned),
        embedding_model,
        reranking_model,
        models,
        timeouts: timeouts?,
        egress_allow: layers
            .text("egress.allow")
            .split(',')
            .map(|address| address.trim().to_owned())
            .filter(|address| !address.is_empty())
            .collect(),
        environment_providers: environment_providers::read(),
        local_servers: local_servers(),
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
        log_level: layers.text("log.level").to_owned(),
        log_json: log_json?,
        log_files: Some(layers.text("log.files"))
            .filter(|level| *level != "off")
            .map(str::to_owned),
        log_keep_days: log_keep_days?,
        file: data_dir.join(DEFAULT_FILE),
        values: KEYS
            .iter()
            .map(|key| (key.name, layers.value(key.name)))
            .collect(),
        data_dir,
    })
}

/// Whether sign-up is open. The default is open if the server is not exposed.
fn parse_registration(
    text: &str,
    exposed: bool,
    errors: &mut Vec<String>,
) -> Option<api::Registration> {
    match text {
        "" if !exposed => Some(api::Registration::Open),
        "open" => Some(api::Registration::Open),
        "closed" | "" => Some(api::Registration::Closed),
        other => {
            errors.push(format!(
                "server.registration: {other:?} must be open or closed"
            ));
            None
        }
    }
}

/// The number of tasks that run at the same time.
fn parse_slots(layers: &Layers, key: &'static str, errors: &mut Vec<String>) -> Option<usize> {
    let slots: Option<usize> = layers.parse(key, "a positive number", errors);
    if slots == Some(0) {
        errors.push(format!("{key}: must be a positive number"));
    }
    slots
}

/// A model as PROVIDER/MODEL, if the setting is not empty.
fn parse_model(
    layers: &Layers,
    (key, example): (&str, &str),
    errors: &mut Vec<String>,
) -> Option<String> {
    let text = layers.text(key);
    if text.is_empty() {
        return None;
    }
    let parts = text.split_once('/');
    if parts.is_none_or(|(provider, model)| provider.is_empty() || model.is_empty()) {
        errors.push(format!(
            "{key}: {text:?} is not PROVIDER/MODEL, such as {example}"
        ));
    }
    Some(text.to_owned())
}

/// Addresses and networks.
fn parse_proxies(text: &str, errors: &mut Vec<String>) -> Vec<IpNet> {
    let mut proxies = Vec::new();
    for entry in text
        .split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
    {
        let network = entry
            .parse::<IpNet>()
            .or_else(|_| entry.parse::<IpAddr>().map(IpNet::from));
        match network {
            Ok(network) => proxies.push(network),
            Err(_) => errors.push(format!(
                "proxy.trusted: {entry:?} is not an address or a network such as 10.0.0.0/8"
            )),
        }
    }
    proxies
}

/// The host names of the server. If none are configured, an exposed server leaves the check to its proxy (`None`), and
/// other servers accept only the names of this machine.
fn parse_hosts(text: &str, exposed: bool, errors: &mut Vec<String>) -> Option<Vec<String>> {
    let names = text.split(',').map(str::trim);
    let names: Vec<String> = names
        .filter(|name| !name.is_empty())
        .map(api::hosts::normalize_name)
        .collect();
    let is_name = |name: &str| {
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        name.chars().all(is_allowed) && name.split('.').all(|label| !label.is_empty())
    };
    for name in names.iter().filter(|name| !is_name(name)) {
        errors.push(format!(
            "server.hosts: {name:?} is not a host name such as chat.example.org, without scheme and port"
        ));
    }
    (!exposed || !names.is_empty()).then_some(names)
}

/// Whether the server is reachable from other machines, directly or through a proxy. An exposed server closes sign-up by
/// default and restricts cookies to TLS.
fn is_exposed(listen: SocketAddr, trusted_proxies: &[IpNet]) -> bool {
    !listen.ip().to_canonical().is_loopback() || !trusted_proxies.is_empty()
}

impl Settings {
    /// See [`is_exposed`].
    pub fn is_exposed(&self) -> bool {
        is_exposed(self.listen, &self.trusted_proxies)
    }

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

#[cfg(test)]
mod tests {
    use super::{is_exposed, ollama_url, parse_hosts, parse_proxies};

    #[test]
    fn a_server_is_exposed_to_other_machines_directly_or_through_a_proxy() {
        for (listen, trusted, exposed) in [
            ("127.0.0.1:8080", "", false),
            ("127.9.9.9:8080", "", false),
            ("[::1]:8080", "", false),
            ("[::ffff:127.0.0.1]:8080", "", false),
            ("127.0.0.1:8080", "127.0.0.1", true),
            ("127.0.0.1:8080", "::1", true),
            ("[::1]:8080", "10.0.0.0/8", true),
            ("0.0.0.0:8080", "", true),
            ("[::]:8080", "", true),
            ("192.168.1.2:8080", "", true),
            ("192.168.1.2:8080", "192.168.1.1", true),
            ("0.0.0.0:8080", "10.0.0.0/8, 172.16.0.0/12", true),
        ] {
            let trusted_proxies = parse_proxies(trusted, &mut vec![]);
            let found = is_exposed(listen.parse().unwrap(), &trusted_proxies);
            assert_eq!(found, exposed, "{listen} behind {trusted:?}");
        }
    }

    #[test]
    fn host_names_are_checked_if_they_are_configured_or_the_server_is_not_exposed() {
        let names = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
        for (text, exposed, expected) in [
            ("", false, names(&[])),
            ("", true, None),
            (" , ", true, None),
            ("nas", false, names(&["nas"])),
            (
                "Chat.Example.org., nas",
                true,
                names(&["chat.example.org", "nas"]),
            ),
        ] {
            let mut errors = vec![];
            assert_eq!(
                parse_hosts(text, exposed, &mut errors),
                expected,
                "{text:?}"
            );
            assert_eq!(errors, Vec::<String>::new(), "{text:?}");
        }
        for wrong in [
            "https://nas",
            "nas:8080",
            "a b",
            "*.example.org",
            "..",
            "nas/",
            ".nas",
        ] {
            let mut errors = vec![];
            parse_hosts(&format!("ok.example, {wrong}"), true, &mut errors);
            assert_eq!(errors.len(), 1, "{wrong}: {errors:?}");
            assert!(errors[0].starts_with("server.hosts: "), "{errors:?}");
        }
    }

    #[test]
    fn ollama_host_sets_the_url_of_ollama() {
        for (host, url) in [
            ("", "http://127.0.0.1:11434/v1"),
            ("0.0.0.0", "http://127.0.0.1:11434/v1"),
            ("127.0.0.1:99", "http://127.0.0.1:99/v1"),
            (":99", "http://127.0.0.1:99/v1"),
            ("http://models:99/", "http://models:99/v1"),
            ("[::1]:99", "http://[::1]:99/v1"),
        ] {
            assert_eq!(ollama_url(host), url, "{host}");
        }
    }
}
