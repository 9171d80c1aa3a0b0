//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use application::Role;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use uuid::Uuid;

/// The target of `database copy`, as an alternative to the command line.
pub const COPY_TO: &str = "CONVOSPHERE_COPY_TO";
/// The access token of a remote server.
pub const TOKEN: &str = "CONVOSPHERE_TOKEN";

/// A self-hosted AI assistant platform on one ordered, encrypted, tamper-evident event log.
#[derive(Debug, Parser)]
#[command(name = "convosphere", version, propagate_version = true)]
pub struct Arguments {
    /// The folder that contains all data.
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// The configuration file; by default config.toml in the data folder, if it exists.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The folder that contains the PostgreSQL server programs.
    #[arg(long, global = true, value_name = "DIR")]
    pub postgres_bin: Option<PathBuf>,
    /// The URL of a remote server, such as <https://chat.example.org>, to use instead of the local installation.
    #[arg(long, global = true, value_name = "URL", conflicts_with_all = ["data_dir", "config", "postgres_bin"])]
    pub url: Option<String>,
    /// An access token for the remote server; prefer the environment, so that it does not appear in process lists.
    #[arg(long, global = true, env = TOKEN, hide_env_values = true)]
    pub token: Option<String>,
    /// Prints data as JSON.
    #[arg(long, global = true)]
    pub json: bool,
    /// The data folder, resolved before root privileges are dropped: its default depends on the user.
    #[arg(skip)]
    pub resolved_data_dir: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

impl Arguments {
    /// Makes all paths absolute: the working directory changes when root privileges are dropped.
    #[must_use]
    pub fn with_absolute_paths(mut self) -> Self {
        let mut paths: Vec<&mut PathBuf> = Vec::new();
        paths.extend(
            [&mut self.data_dir, &mut self.config, &mut self.postgres_bin]
                .into_iter()
                .flatten(),
        );
        if let Command::Database(command) = &mut self.command {
            match command {
                Database::Backup { to } => paths.extend(to),
                Database::Verify { file, keys } | Database::Restore { file, keys, .. } => {
                    paths.push(file);
                    paths.extend(keys);
                }
                Database::Migrate | Database::Status | Database::Copy { .. } => {}
            }
        }
        for path in paths {
            if let Ok(absolute) = std::path::absolute(&*path) {
                *path = absolute;
            }
        }
        self.resolved_data_dir = Some(self.data_dir());
        self
    }

    /// The data folder: the flag, else the environment variable, else a default that depends on the user.
    pub fn data_dir(&self) -> PathBuf {
        if let Some(resolved) = &self.resolved_data_dir {
            return resolved.clone();
        }
        let configured = self
            .data_dir
            .clone()
            .or_else(|| std::env::var_os("CONVOSPHERE_DATA_DIR").map(PathBuf::from));
        let folder = configured.unwrap_or_else(|| {
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
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Starts the server.
    Serve(Serve),
    /// Chats with an assistant; interactive if no text is given.
    Chat(Chat),
    /// Manages users.
    #[command(subcommand)]
    Users(Users),
    /// Manages model providers.
    #[command(subcommand)]
    Providers(Providers),
    /// Manages the database: schema, backups, copies.
    #[command(subcommand)]
    Database(Database),
    /// Verifies, exports and follows the event log.
    #[command(subcommand)]
    Events(Events),
    /// Shows and rebuilds the read models.
    #[command(subcommand)]
    Projections(Projections),
    /// Checks, shows and changes the configuration.
    #[command(subcommand)]
    Config(Config),
    /// Starts, stops and lists the processes of this installation.
    #[command(subcommand)]
    Services(Services),
    /// Shows the logs of this installation.
    Logs(Logs),
    /// Reports whether the server is ready, and if not, why.
    Health,
    /// Checks everything that an installation needs and suggests how to fix problems.
    Doctor,
    /// Prints the OpenAPI description of the HTTP API.
    Openapi,
    /// Prints shell completions.
    Completions { shell: clap_complete::Shell },
    /// Prints the version.
    Version,
    /// Reads a document from standard input; the server starts it in a sandbox.
    #[command(hide = true)]
    Extract(Extract),
    /// Reads an import over standard input and output; the server starts it in a sandbox.
    #[command(hide = true)]
    ReadImport,
}

#[derive(Debug, Args)]
pub struct Extract {
    #[arg(long)]
    pub media_type: String,
    /// Maximum number of tokens in a passage.
    #[arg(long)]
    pub tokens: usize,
    /// Number of tokens that consecutive passages share.
    #[arg(long)]
    pub overlap: usize,
}

#[derive(Debug, Args)]
pub struct Serve {
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// Address and port for metrics and health checks.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub admin_listen: Option<SocketAddr>,
    /// A role of this process; may be repeated. By default the process has all roles.
    #[arg(long = "role", value_parser = role_parser(), value_name = "ROLE")]
    pub roles: Vec<Role>,
}

/// The names of the roles as values of an argument.
fn role_parser() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.map(Role::name))
        .try_map(|name| Role::from_name(&name).ok_or("unknown role"))
}

#[derive(Debug, Args)]
pub struct Chat {
    /// The message. Use - to read it from standard input.
    pub text: Option<String>,
    /// The user to act as; required if there is more than one administrator.
    #[arg(long = "as", value_name = "EMAIL")]
    pub acting: Option<String>,
    /// The assistant that answers.
    #[arg(long, value_name = "ID")]
    pub assistant: Option<Uuid>,
    /// The model that answers, as PROVIDER/MODEL.
    #[arg(long)]
    pub model: Option<String>,
    /// The conversation to continue.
    #[arg(long, value_name = "ID")]
    pub conversation: Option<Uuid>,
}

#[derive(Debug, Clone, Copy, ValueEnum, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleName {
    Guest,
    User,
    Manager,
    Admin,
}

#[derive(Debug, Subcommand)]
pub enum Users {
    /// Lists all users.
    List,
    /// Shows one user.
    Show { user: String },
    /// Creates a user.
    Create {
        email: String,
        #[arg(long)]
        name: String,
        #[arg(long, value_enum, default_value = "user")]
        role: RoleName,
        /// Reads the password from standard input.
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// Changes the role of a user.
    Update {
        user: String,
        #[arg(long, value_enum)]
        role: RoleName,
    },
    /// Suspends a user: ends all sessions and prevents new ones.
    Suspend { user: String },
    /// Reactivates a suspended user.
    Reactivate { user: String },
    /// Permanently deletes a user and everything that the user owns.
    Delete {
        user: String,
        /// Skips the confirmation prompt.
        #[arg(long)]
        yes: bool,
    },
    /// Sets the password of a user.
    SetPassword {
        user: String,
        /// Reads the password from standard input.
        #[arg(long, required = true)]
        password_stdin: bool,
    },
}

/// The API type of a provider.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum KindName {
    OpenaiCompatible,
    Anthropic,
    Gemini,
}

#[derive(Debug, Subcommand)]
pub enum Providers {
    /// Lists all providers.
    List,
    /// Adds a provider and lists its models. Its address may be in a private network.
    Add {
        /// The prefix of its model names, such as openai or ollama.
        name: String,
        /// The API type of the provider.
        #[arg(long, value_enum, default_value = "openai-compatible")]
        kind: KindName,
        /// The base URL, such as <http://127.0.0.1:11434/v1>; by default the public API of its kind.
        #[arg(long)]
        base_url: Option<String>,
        /// Reads the API key from standard input.
        #[arg(long)]
        api_key_stdin: bool,
        /// A model to offer even if the provider does not list it; may be repeated.
        #[arg(long = "model", value_name = "NAME")]
        models: Vec<String>,
    },
    /// Changes the URL, the API key or the additional models of a provider and lists its models again.
    Update {
        name: String,
        /// The new base URL; requires the API key again.
        #[arg(long)]
        base_url: Option<String>,
        /// Reads the API key from standard input.
        #[arg(long)]
        api_key_stdin: bool,
        /// A model to offer even if the provider does not list it; may be repeated. Replaces the previous ones.
        #[arg(long = "model", value_name = "NAME")]
        models: Vec<String>,
        /// Removes all additional models.
        #[arg(long, conflicts_with = "models")]
        no_models: bool,
    },
    /// Tests the connection to a provider and lists its models again.
    Test { name: String },
    /// Removes a provider and its models.
    Remove { name: String },
    /// Shows or sets the default model.
    Default {
        /// The model as PROVIDER/MODEL, such as ollama/llama3.2.
        #[arg(conflicts_with = "automatic")]
        model: Option<String>,
        /// Uses the first provider that works.
        #[arg(long)]
        automatic: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum Database {
    /// Updates the schema.
    Migrate,
    /// Shows where the database is and the end of its log.
    Status,
    /// Creates a backup and verifies it; the server may be running.
    Backup {
        /// The target folder, in which old backups are never deleted; by default backup.folder.
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
    },
    /// Verifies that a backup is complete, that its hash chain is intact and that its keys can be decrypted.
    Verify {
        file: PathBuf,
        /// The key ring of the backup; by default the newest one in the same folder.
        #[arg(long, value_name = "FILE")]
        keys: Option<PathBuf>,
    },
    /// Restores a backup. A damaged backup is refused before anything changes.
    Restore {
        #[arg(long)]
        file: PathBuf,
        /// The key ring of the backup; by default the newest one in the same folder.
        #[arg(long, value_name = "FILE")]
        keys: Option<PathBuf>,
        /// Replaces the existing data.
        #[arg(long)]
        replace: bool,
    },
    /// Copies the installation to an empty database, with the same positions and hashes.
    Copy {
        /// The URL of the target, such as <postgres://convosphere@db.example.org/convosphere>; `-` reads it from standard
        /// input. If it contains a password, prefer the environment, so that it does not appear in process lists.
        #[arg(long, value_name = "URL", env = COPY_TO, hide_env_values = true)]
        to: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum Events {
    /// Verifies the hash chain and compares the log with its anchors, backups and read models, to detect events that were
    /// rewritten or cut off. Reports the first broken position.
    Verify {
        /// An earlier end of the log to compare with: a position and its hash.
        #[arg(long, value_name = "POSITION:HASH", value_parser = parse_head)]
        head: Option<(i64, String)>,
        /// Accepts differences from the anchors, for example after a failover to an incomplete copy: anchors the current
        /// log and discards earlier observations of a later end.
        #[arg(long)]
        accept: bool,
    },
    /// Writes the log with its encrypted contents, one event per line.
    Export {
        /// Only events after this position.
        #[arg(long, default_value_t = 0)]
        after: i64,
    },
    /// Prints events as they are appended.
    Follow {
        /// Starts after this position instead of at the current end.
        #[arg(long)]
        after: Option<i64>,
    },
}

#[derive(Debug, Subcommand)]
pub enum Projections {
    /// Lists the read models and their positions.
    List,
    /// Rebuilds a read model from the log.
    Rebuild { name: String },
    /// Lists the objects whose events a read model failed to apply.
    Parked { name: String },
    /// Applies the events of a parked object again.
    Retry { name: String, aggregate_id: Uuid },
    /// Prints the digest of a read model, which equals the digest of a rebuilt one.
    Digest { name: String },
}

#[derive(Debug, Subcommand)]
pub enum Services {
    /// Starts background processes: one with all roles, or one for each given role.
    Start {
        #[arg(value_parser = role_parser())]
        names: Vec<Role>,
    },
    /// Stops the background processes, or only the given ones.
    Stop { names: Vec<String> },
    /// Lists the processes and their state.
    Status,
    /// Restarts the running processes, or only the given ones.
    Restart { names: Vec<String> },
    /// Shows the logs of the processes.
    Logs(Logs),
}

#[derive(Debug, Args)]
pub struct Logs {
    /// Only this process, such as server or projector.
    pub name: Option<String>,
    /// Continues to print new lines.
    #[arg(long, short)]
    pub follow: bool,
    /// Only lines since this time, such as 2026-11-24T10:00:00Z, or this age, such as 90s, 15m, 2h or 3d.
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// Only lines of this level or more severe.
    #[arg(long, value_enum)]
    pub level: Option<LogLevel>,
    /// Only lines of one request: the X-Request-Id of its response.
    #[arg(long, value_name = "ID")]
    pub request_id: Option<String>,
}

/// The severity of a log line, most severe first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

#[derive(Debug, Subcommand)]
pub enum Config {
    /// Writes a configuration file with every setting, its default and a description.
    Init,
    /// Changes a setting in the file; an invalid value is refused and the file stays unchanged.
    Set {
        /// The setting, such as server.listen.
        name: String,
        value: String,
    },
    /// Reports all errors in the configuration.
    Check,
    /// Shows the effective configuration.
    Show {
        /// Shows where each value comes from.
        #[arg(long)]
        origin: bool,
    },
}

/// Parses a position of the log and its hash.
fn parse_head(text: &str) -> Result<(i64, String), String> {
    let (position, hash) = text
        .split_once(':')
        .ok_or("must be a position, a colon and the hash that `events verify` prints")?;
    let position: i64 = position
        .parse()
        .ok()
        .filter(|position| *position > 0)
        .ok_or("the position must be a positive number")?;
    match hex::decode(hash) {
        Ok(bytes) if bytes.len() == 32 => Ok((position, hash.to_lowercase())),
        _ => Err("the hash must have 64 hexadecimal digits".to_owned()),
    }
}
