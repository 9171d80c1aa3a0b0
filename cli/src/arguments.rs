//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use uuid::Uuid;

use crate::config::data_dir;

/// Where `database copy` goes, for who would not say it on the command line.
pub const COPY_TO: &str = "CONVOSPHERE_COPY_TO";
/// An access token of a server elsewhere.
pub const TOKEN: &str = "CONVOSPHERE_TOKEN";

/// A self-hosted AI assistant platform on one ordered, encrypted, tamper-evident event log.
#[derive(Debug, Parser)]
#[command(name = "convosphere", version, propagate_version = true)]
pub struct Arguments {
    /// Where all data lies.
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// The configuration file; by default config.toml in the data folder, where there is one.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The folder of the PostgreSQL server's programs.
    #[arg(long, global = true, value_name = "DIR")]
    pub postgres_bin: Option<PathBuf>,
    /// A server elsewhere, such as <https://chat.example.org>, in place of the installation on this machine.
    #[arg(long, global = true, value_name = "URL", conflicts_with_all = ["data_dir", "config", "postgres_bin"])]
    pub url: Option<String>,
    /// An access token of that server; better in the environment, where no list of processes shows it.
    #[arg(long, global = true, env = TOKEN, hide_env_values = true)]
    pub token: Option<String>,
    /// Prints data as JSON.
    #[arg(long, global = true)]
    pub json: bool,
    /// The data folder, decided before root is given up: what is usual differs from user to user.
    #[arg(skip)]
    pub folder: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

impl Arguments {
    /// With the paths that are relative to the working folder made whole: that folder changes when root is given up.
    #[must_use]
    pub fn with_whole_paths(mut self) -> Self {
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
            if let Ok(whole) = std::path::absolute(&*path) {
                *path = whole;
            }
        }
        self.folder = Some(data_dir(&self));
        self
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Starts the server.
    Serve(Serve),
    /// Chats with an assistant; without a text, as a dialogue.
    Chat(Chat),
    /// Shows and changes users.
    #[command(subcommand)]
    Users(Users),
    /// Shows and changes the providers of models.
    #[command(subcommand)]
    Providers(Providers),
    /// Prepares and shows the database.
    #[command(subcommand)]
    Database(Database),
    /// Verifies, exports and follows the event log.
    #[command(subcommand)]
    Events(Events),
    /// Shows and rebuilds the read models.
    #[command(subcommand)]
    Projections(Projections),
    /// Checks and shows the configuration.
    #[command(subcommand)]
    Config(Config),
    /// Starts, stops and shows the processes of this installation.
    #[command(subcommand)]
    Services(Services),
    /// Shows what the processes of this installation have logged.
    Logs(Logs),
    /// Tells whether the server of this installation is healthy, and why it is not.
    Health,
    /// Looks at everything that an installation needs, and says what to do.
    Doctor,
    /// Prints the HTTP contract.
    Openapi,
    /// Prints shell completions.
    Completions { shell: clap_complete::Shell },
    /// Prints the version.
    Version,
    /// Reads the document on standard input; started by the server, with nothing else in reach.
    #[command(hide = true)]
    Extract(Extract),
    /// Reads an import over standard input and output; started by the server, with nothing else in reach.
    #[command(hide = true)]
    ReadImport,
}

#[derive(Debug, Args)]
pub struct Extract {
    #[arg(long)]
    pub media_type: String,
    /// Tokens of a passage, at most.
    #[arg(long)]
    pub tokens: usize,
    /// Tokens of a passage that stand in the next again.
    #[arg(long)]
    pub overlap: usize,
}

#[derive(Debug, Args)]
pub struct Serve {
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// Address and port of metrics and health, for operators.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub admin_listen: Option<SocketAddr>,
    /// What this process does; may be given several times. Without it, everything.
    #[arg(long = "role", value_enum, value_name = "ROLE")]
    pub roles: Vec<ServerRole>,
}

/// A part of the server that can run in a process of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ServerRole {
    /// Answers HTTP.
    Api,
    /// Keeps the read models up with the log.
    Projector,
    /// Keeps the search engine up with the log.
    Indexer,
    /// Writes answers.
    Responder,
    /// Reads documents into passages.
    Ingester,
    /// Publishes the log to NATS.
    Relay,
    /// Sees to what is due again and again: backups.
    Scheduler,
}

impl ServerRole {
    pub const ALL: [Self; 7] = [
        Self::Api,
        Self::Projector,
        Self::Indexer,
        Self::Responder,
        Self::Ingester,
        Self::Relay,
        Self::Scheduler,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Projector => "projector",
            Self::Indexer => "indexer",
            Self::Responder => "responder",
            Self::Ingester => "ingester",
            Self::Relay => "relay",
            Self::Scheduler => "scheduler",
        }
    }
}

#[derive(Debug, Args)]
pub struct Chat {
    /// What to say. A single - reads it from standard input.
    pub text: Option<String>,
    /// Who to act for, where there is more than one administrator.
    #[arg(long = "as", value_name = "EMAIL")]
    pub acting: Option<String>,
    /// The assistant that answers.
    #[arg(long, value_name = "ID")]
    pub assistant: Option<Uuid>,
    /// The model that answers, as PROVIDER/MODEL.
    #[arg(long)]
    pub model: Option<String>,
    /// The conversation to go on with.
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
    /// Makes a user.
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
    /// Ends all sessions of a user and refuses new ones.
    Suspend { user: String },
    /// Lets a suspended user in again.
    Reactivate { user: String },
    /// Erases a user and everything that the user owns, for ever.
    Delete {
        user: String,
        /// Does not ask for the address to be typed once more.
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

/// The language of a provider.
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
    /// Adds a provider and asks it for its models. Its address may lie in a private network: you say so by this.
    Add {
        /// The first part of its models' names, such as openai or ollama.
        name: String,
        /// The language that it speaks.
        #[arg(long, value_enum, default_value = "openai-compatible")]
        kind: KindName,
        /// Such as <http://127.0.0.1:11434/v1>; by default where the maker of its kind is.
        #[arg(long)]
        base_url: Option<String>,
        /// Reads the key from standard input.
        #[arg(long)]
        api_key_stdin: bool,
        /// A model that is offered whether the provider lists it or not; may be given several times.
        #[arg(long = "model", value_name = "NAME")]
        models: Vec<String>,
    },
    /// Changes where a provider is asked, its key, or the models that are named, and asks it for its models again.
    Update {
        name: String,
        /// Its new address; a key must be given again with it.
        #[arg(long)]
        base_url: Option<String>,
        /// Reads the key from standard input.
        #[arg(long)]
        api_key_stdin: bool,
        /// A model that is offered whether the provider lists it or not; may be given several times, and takes the place
        /// of those that were named before.
        #[arg(long = "model", value_name = "NAME")]
        models: Vec<String>,
        /// Names no models any more.
        #[arg(long, conflicts_with = "models")]
        no_models: bool,
    },
    /// Asks a provider for its models again.
    Test { name: String },
    /// Removes a provider and its models.
    Remove { name: String },
    /// Shows which model answers where nobody has named one, or chooses it.
    Default {
        /// As PROVIDER/MODEL, such as ollama/llama3.2.
        #[arg(conflicts_with = "automatic")]
        model: Option<String>,
        /// Leaves it to the providers that work.
        #[arg(long)]
        automatic: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum Database {
    /// Brings the schema up to date.
    Migrate,
    /// Shows where the database is and what it holds.
    Status,
    /// Makes a backup, while the server runs or not, and reads it again to its end.
    Backup {
        /// The folder that it goes to, where everything is kept; by default that of backup.folder.
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
    },
    /// Reads a backup to its end: that it is whole, that its chain holds, that its keys open.
    Verify {
        file: PathBuf,
        /// Its key ring; by default the newest beside it.
        #[arg(long, value_name = "FILE")]
        keys: Option<PathBuf>,
    },
    /// Makes the installation what a backup holds. What is not whole is refused before anything is touched.
    Restore {
        #[arg(long)]
        file: PathBuf,
        /// Its key ring; by default the newest beside it.
        #[arg(long, value_name = "FILE")]
        keys: Option<PathBuf>,
        /// Puts it in the place of what is there.
        #[arg(long)]
        replace: bool,
    },
    /// Copies the installation into an empty database, with equal positions and hashes.
    Copy {
        /// Such as <postgres://convosphere@db.example.org/convosphere>; `-` reads it from standard input. With a password
        /// it is better in the environment, where no list of processes shows it.
        #[arg(long, value_name = "URL", env = COPY_TO, hide_env_values = true)]
        to: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum Events {
    /// Recomputes the hash chain and names the first broken position. Compares the log with its anchors, with backups,
    /// and with what views have seen: what was rewritten or cut off is named as well.
    Verify {
        /// An end of the log that was seen before: a position and its hash.
        #[arg(long, value_name = "POSITION:HASH", value_parser = head)]
        head: Option<(i64, String)>,
        /// What differs from the anchors was done on purpose, such as a failover to a copy without the end: the log as
        /// it is now is anchored, and what was seen of a later end is void.
        #[arg(long)]
        accept: bool,
    },
    /// Writes the log, sealed as it is, one event a line.
    Export {
        /// Only events after this position.
        #[arg(long, default_value_t = 0)]
        after: i64,
    },
    /// Prints events as they are appended.
    Follow {
        /// Begins after this position instead of now.
        #[arg(long)]
        after: Option<i64>,
    },
}

#[derive(Debug, Subcommand)]
pub enum Projections {
    /// Lists the read models and how far they are.
    List,
    /// Makes a read model anew from the log.
    Rebuild { name: String },
    /// Lists what a read model waits with, because an event could not be taken.
    Parked { name: String },
    /// Takes the events of something parked again.
    Retry { name: String, aggregate_id: Uuid },
    /// Prints the digest of a read model, which is that of the rebuilt one.
    Digest { name: String },
}

#[derive(Debug, Subcommand)]
pub enum Services {
    /// Starts processes in the background: one that does everything, or one for each role that is named.
    Start { names: Vec<ServerRole> },
    /// Stops those that were started so: all, or the ones that are named.
    Stop { names: Vec<String> },
    /// Shows what runs.
    Status,
    /// Stops and starts again what runs, or what is named.
    Restart { names: Vec<String> },
    /// Shows what they have logged.
    Logs(Logs),
}

#[derive(Debug, Args)]
pub struct Logs {
    /// Of this process alone, such as server or projector.
    pub name: Option<String>,
    /// Goes on with what is logged from now on.
    #[arg(long, short)]
    pub follow: bool,
    /// From this moment on: a time such as 2026-11-24T10:00:00Z, or an age such as 90s, 15m, 2h or 3d.
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// This level, and those that are worse.
    #[arg(long, value_enum)]
    pub level: Option<LogLevel>,
    /// Of one request alone: the X-Request-Id of an answer.
    #[arg(long, value_name = "ID")]
    pub request_id: Option<String>,
}

/// How much something matters.
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
    /// Writes a configuration file with every setting, its default and what it does.
    Init,
    /// Changes a setting in the file; what is wrong is refused, and nothing is changed.
    Set {
        /// Such as server.listen.
        name: String,
        value: String,
    },
    /// Reports every fault of the configuration.
    Check,
    /// Shows the configuration that is in force.
    Show {
        /// Tells where each value comes from.
        #[arg(long)]
        origin: bool,
    },
}

/// A position of the log with its hash.
fn head(text: &str) -> Result<(i64, String), String> {
    let (position, hash) = text
        .split_once(':')
        .ok_or("write a position, a colon and its hash, as `events verify` prints them")?;
    let position: i64 = position
        .parse()
        .ok()
        .filter(|position| *position > 0)
        .ok_or("the position is a number from 1 on")?;
    match eventstore::chain::unhex(hash) {
        Some(bytes) if bytes.len() == 32 => Ok((position, hash.to_lowercase())),
        _ => Err("the hash has 64 digits, 0 to 9 and a to f".to_owned()),
    }
}
