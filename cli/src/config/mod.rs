//! The configuration: defaults, then the file, then the environment, then flags. Every fault is reported at once.

mod backups;
pub mod edit;
mod files;
mod given;
mod keys;
mod layers;
mod limits;
mod tariff;
mod times;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::provider::LocalServer;
use eventstore::backup::Folder;
use ipnet::IpNet;
use workers::{Tariff, Times};

pub use self::given::GivenProvider;
use self::keys::KEYS;
use self::layers::{Layers, read_environment, read_file};
pub use self::layers::{Origin, Value};
use crate::arguments::{Arguments, Command};
use crate::failure::Failure;

/// The usual name of the file.
const FILE: &str = "config.toml";

/// The configuration that is in force.
#[derive(Debug, Clone)]
pub struct Settings {
    pub data_dir: PathBuf,
    /// Whether the folder was named on the command line, so that other commands need the flag as well.
    pub data_dir_given: bool,
    pub listen: SocketAddr,
    pub admin_listen: SocketAddr,
    /// Whether somebody has chosen it: one that is taken is then an error.
    pub admin_chosen: bool,
    pub registration: api::Registration,
    pub trusted_proxies: Vec<IpNet>,
    /// Further host names of the server, where requests for others are refused.
    pub hosts: Option<Vec<String>>,
    /// What each person may have under way; none where nothing is limited.
    pub limits: Option<api::limits::PerPerson>,
    pub answer_slots: usize,
    /// What answers where nobody has named a model, where the operator says so.
    pub default_model: Option<String>,
    /// What embeds documents, as PROVIDER/MODEL.
    pub embedding_model: Option<String>,
    /// What puts found passages into a better order, as PROVIDER/MODEL.
    pub reranking_model: Option<String>,
    /// Which models stand in for others, and what they cost.
    pub tariff: Tariff,
    /// How long providers may take.
    pub times: Times,
    pub egress_allow: Vec<String>,
    /// Providers that the operator gives in the environment.
    pub given: Vec<GivenProvider>,
    /// Where servers of models may run on this machine: those that answer are offered to administrators.
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
    /// How often one is made by itself.
    pub backup_every: Option<Duration>,
    pub master_key_file: PathBuf,
    pub postgres_bin: Option<PathBuf>,
    pub log_level: String,
    pub log_json: bool,
    /// What is written into files; none where nothing is.
    pub log_files: Option<String>,
    pub log_keep_days: usize,
    /// The file that was read, or would be.
    pub file: PathBuf,
    /// Every value and where it comes from, for `config show`.
    pub values: Vec<(&'static str, Value)>,
}

/// Where Ollama and LM Studio listen unless they are told otherwise, Ollama by its own variable.
fn local_servers() -> Vec<LocalServer> {
    let ollama = std::env::var("OLLAMA_HOST").unwrap_or_default();
    let place = |name: &str, base_url: String| LocalServer {
        name: name.to_owned(),
        base_url,
    };
    vec![
        place("ollama", ollama_url(&ollama)),
        place("lm-studio", "http://127.0.0.1:1234/v1".to_owned()),
    ]
}

/// `OLLAMA_HOST` is a host, a port, both, or an address, each part with its default.
fn ollama_url(host: &str) -> String {
    let host = host.trim().trim_end_matches('/');
    let authority = host.strip_prefix("http://").unwrap_or(host);
    let (name, port) = match authority.rsplit_once(':') {
        Some((name, port)) if port.parse::<u16>().is_ok() => (name, port),
        _ => (authority, "11434"),
    };
    // Where it listens on every address it is reached at this one.
    let name = match name {
        "" | "0.0.0.0" | "[::]" => "127.0.0.1",
        name => name,
    };
    format!("http://{name}:{port}/v1")
}

/// Reads all layers. Faults of all of them end in one failure, a line each.
pub fn load(arguments: &Arguments) -> Result<Settings, Failure> {
    load_with(arguments, file_of(arguments))
}

/// The same with another file.
fn load_with(arguments: &Arguments, file: PathBuf) -> Result<Settings, Failure> {
    let mut faults = Vec::new();
    let mut layers = Layers::defaults();
    let data_dir = data_dir(arguments);
    if arguments.config.is_some() || file.exists() {
        read_file(&file, &mut layers, &mut faults);
    }
    read_environment(std::env::vars(), &mut layers, &mut faults);
    if let Some(folder) = &arguments.postgres_bin {
        layers.set("postgres.bin", folder.display().to_string(), Origin::Flag);
    }
    if let Command::Serve(serve) = &arguments.command
        && let Some(listen) = serve.listen
    {
        layers.set("server.listen", listen.to_string(), Origin::Flag);
    }
    if let Command::Serve(serve) = &arguments.command
        && let Some(listen) = serve.admin_listen
    {
        layers.set("admin.listen", listen.to_string(), Origin::Flag);
    }
    let settings = settings(data_dir, &layers, &mut faults).map(|settings| Settings {
        data_dir_given: arguments.data_dir.is_some(),
        file,
        ..settings
    });
    match settings {
        Some(settings) if faults.is_empty() => Ok(settings),
        _ => Err(Failure::Usage(format!(
            "the configuration has faults\n  {}",
            faults.join("\n  ")
        ))),
    }
}

/// The configuration file that is meant, whether it is there or not.
pub fn file_of(arguments: &Arguments) -> PathBuf {
    let usual = || data_dir(arguments).join(FILE);
    arguments.config.clone().unwrap_or_else(usual)
}

/// The same folder for every command.
pub fn data_dir(arguments: &Arguments) -> PathBuf {
    if let Some(decided) = &arguments.folder {
        return decided.clone();
    }
    let given = arguments
        .data_dir
        .clone()
        .or_else(|| std::env::var_os("CONVOSPHERE_DATA_DIR").map(PathBuf::from));
    let folder = given.unwrap_or_else(|| {
        if rustix::process::geteuid().is_root() {
            return PathBuf::from("/var/lib/convosphere");
        }
        let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_else(|| "/".into()));
        std::env::var_os("XDG_DATA_HOME")
            .map_or_else(|| home().join(".local/share"), PathBuf::from)
            .join("convosphere")
    });
    std::path::absolute(&folder).unwrap_or(folder)
}

fn settings(data_dir: PathBuf, layers: &Layers, faults: &mut Vec<String>) -> Option<Settings> {
    let listen: Option<SocketAddr> =
        layers.parse("server.listen", "an address such as 127.0.0.1:8080", faults);
    let admin_listen: Option<SocketAddr> =
        layers.parse("admin.listen", "an address such as 127.0.0.1:9090", faults);
    let trusted_proxies = proxies(layers.text("proxy.trusted"), faults);
    let exposed = listen.is_some_and(|listen| is_exposed(listen, &trusted_proxies));
    if let Some(listen) = listen.filter(|_| exposed && trusted_proxies.is_empty()) {
        faults.push(format!(
            "server.listen: {listen} is reachable from other machines; listen on 127.0.0.1, or name in proxy.trusted the \
             proxy that carries TLS in front of it"
        ));
    }
    let hosts = hosts(layers.text("server.hosts"), exposed, faults);
    let registration = registration(layers.text("server.registration"), exposed, faults);
    let limits = limits::read(layers, faults);
    let answer_slots = slots(layers, "responder.slots", faults);
    let document_slots = slots(layers, "ingester.slots", faults);
    let embedding_model = of_provider(
        layers,
        ("models.embedding", "openai/text-embedding-3-small"),
        faults,
    );
    let reranking_model = of_provider(
        layers,
        (
            "models.reranking",
            "jina/jina-reranker-v2-base-multilingual",
        ),
        faults,
    );
    let tariff = tariff::read(layers, faults);
    let times = times::read(layers, faults);
    let max_file = layers.parse("files.max_bytes", "a number of bytes", faults);
    let file_quota = layers.parse("files.quota_bytes", "a number of bytes", faults);
    let files = files::place(&data_dir, layers, faults);
    let backups = backups::read(&data_dir, layers, faults);
    let log_json = match layers.text("log.format") {
        "text" => Some(false),
        "json" => Some(true),
        other => {
            faults.push(format!("log.format: {other:?} is neither text nor json"));
            None
        }
    };
    let log_keep_days: Option<usize> = layers.parse("log.keep_days", "a number of days", faults);
    let optional = |name| Some(layers.text(name)).filter(|text| !text.is_empty());
    Some(Settings {
        data_dir_given: false,
        listen: listen?,
        admin_listen: admin_listen?,
        admin_chosen: layers.value("admin.listen").origin != Origin::Default,
        registration: registration?,
        trusted_proxies,
        hosts,
        limits: limits.map(|(enabled, allowed)| enabled.then_some(allowed))?,
        answer_slots: answer_slots?,
        default_model: optional("models.default").map(str::to_owned),
        embedding_model,
        reranking_model,
        tariff,
        times: times?,
        egress_allow: layers
            .text("egress.allow")
            .split(',')
            .map(|place| place.trim().to_owned())
            .filter(|place| !place.is_empty())
            .collect(),
        given: given::read(),
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
        file: data_dir.join(FILE),
        values: KEYS
            .iter()
            .map(|key| (key.name, layers.value(key.name)))
            .collect(),
        data_dir,
    })
}

/// Who may sign up: everybody where nothing is exposed, unless the operator says otherwise.
fn registration(text: &str, exposed: bool, faults: &mut Vec<String>) -> Option<api::Registration> {
    match text {
        "" if !exposed => Some(api::Registration::Open),
        "open" => Some(api::Registration::Open),
        "closed" | "" => Some(api::Registration::Closed),
        other => {
            faults.push(format!(
                "server.registration: {other:?} is neither open nor closed"
            ));
            None
        }
    }
}

/// How many things are done at the same time.
fn slots(layers: &Layers, key: &'static str, faults: &mut Vec<String>) -> Option<usize> {
    let slots: Option<usize> = layers.parse(key, "a number from 1", faults);
    if slots == Some(0) {
        faults.push(format!("{key}: must be a number from 1"));
    }
    slots
}

/// A model of a provider, where one is named.
fn of_provider(
    layers: &Layers,
    (key, example): (&str, &str),
    faults: &mut Vec<String>,
) -> Option<String> {
    let text = layers.text(key);
    if text.is_empty() {
        return None;
    }
    let parts = text.split_once('/');
    if parts.is_none_or(|(provider, model)| provider.is_empty() || model.is_empty()) {
        faults.push(format!(
            "{key}: {text:?} is not PROVIDER/MODEL, such as {example}"
        ));
    }
    Some(text.to_owned())
}

/// Single addresses and networks.
fn proxies(text: &str, faults: &mut Vec<String>) -> Vec<IpNet> {
    let mut proxies = Vec::new();
    for place in text
        .split(',')
        .map(str::trim)
        .filter(|place| !place.is_empty())
    {
        let network = place
            .parse::<IpNet>()
            .or_else(|_| place.parse::<IpAddr>().map(IpNet::from));
        match network {
            Ok(network) => proxies.push(network),
            Err(_) => faults.push(format!(
                "proxy.trusted: {place:?} is neither an address nor a network such as 10.0.0.0/8"
            )),
        }
    }
    proxies
}

/// The names under which the server is reached. Where none is given, a proxy in front knows them; without one, none but
/// those of this machine are right.
fn hosts(text: &str, exposed: bool, faults: &mut Vec<String>) -> Option<Vec<String>> {
    let names = text.split(',').map(str::trim);
    let names: Vec<String> = names
        .filter(|name| !name.is_empty())
        .map(api::hosts::normalize_name)
        .collect();
    let is_name = |name: &str| {
        let sign = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        name.chars().all(sign) && name.split('.').all(|label| !label.is_empty())
    };
    for name in names.iter().filter(|name| !is_name(name)) {
        faults.push(format!(
            "server.hosts: {name:?} is not a host name such as chat.example.org, without scheme and port"
        ));
    }
    (!exposed || !names.is_empty()).then_some(names)
}

/// Whether others than the users of this machine reach the server: from outside, or through a proxy in front of it,
/// wherever that runs. Sign-up is closed then by default, and cookies are for TLS alone.
fn is_exposed(listen: SocketAddr, trusted_proxies: &[IpNet]) -> bool {
    !listen.ip().to_canonical().is_loopback() || !trusted_proxies.is_empty()
}

impl Settings {
    /// See [`is_exposed`].
    pub fn is_exposed(&self) -> bool {
        is_exposed(self.listen, &self.trusted_proxies)
    }

    /// A file of the installation.
    pub fn file(&self, name: &str) -> PathBuf {
        self.data_dir.join(name)
    }
}

/// Where `make run` puts server binaries, seen from the program.
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
    use super::{hosts, is_exposed, ollama_url, proxies};

    #[test]
    fn the_server_is_exposed_where_it_is_reached_from_outside_or_through_a_proxy() {
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
            let trusted_proxies = proxies(trusted, &mut vec![]);
            let found = is_exposed(listen.parse().unwrap(), &trusted_proxies);
            assert_eq!(found, exposed, "{listen} behind {trusted:?}");
        }
    }

    #[test]
    fn names_are_known_where_they_are_given_or_nobody_else_knows_them() {
        let names = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
        for (text, exposed, known) in [
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
            let mut faults = vec![];
            assert_eq!(hosts(text, exposed, &mut faults), known, "{text:?}");
            assert_eq!(faults, Vec::<String>::new(), "{text:?}");
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
            let mut faults = vec![];
            hosts(&format!("ok.example, {wrong}"), true, &mut faults);
            assert_eq!(faults.len(), 1, "{wrong}: {faults:?}");
            assert!(faults[0].starts_with("server.hosts: "), "{faults:?}");
        }
    }

    #[test]
    fn ollama_is_where_its_own_variable_says() {
        for (given, url) in [
            ("", "http://127.0.0.1:11434/v1"),
            ("0.0.0.0", "http://127.0.0.1:11434/v1"),
            ("127.0.0.1:99", "http://127.0.0.1:99/v1"),
            (":99", "http://127.0.0.1:99/v1"),
            ("http://models:99/", "http://models:99/v1"),
            ("[::1]:99", "http://[::1]:99/v1"),
        ] {
            assert_eq!(ollama_url(given), url, "{given}");
        }
    }
}
