//! The commands, one file each: its arguments, and what it does.

mod chat;
mod config;
mod database;
mod doctor;
mod events;
mod extract;
mod health;
mod logs;
mod projections;
mod providers;
mod serve;
mod services;
mod users;

use clap::{CommandFactory, Parser, Subcommand};
use convosphere_client::Client;

use crate::config::{Settings, load};
use crate::failure::Failure;
use crate::flags::Flags;
use crate::installation::Installation;
use crate::local_server::{LocalServer, Workload};
use crate::privileges::{self, OsUser};
use crate::{client, output, telemetry};

/// A self-hosted AI assistant platform on one ordered, encrypted, tamper-evident event log.
#[derive(Debug, Parser)]
#[command(name = "convosphere", version, propagate_version = true)]
pub struct Arguments {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Chat(chat::Chat),
    /// Manages users.
    #[command(subcommand)]
    Users(users::Users),
    /// Manages model providers.
    #[command(subcommand)]
    Providers(providers::Providers),
    /// Manages the database: schema, backups, copies.
    #[command(subcommand)]
    Database(database::Database),
    /// Verifies, exports and follows the event log.
    #[command(subcommand)]
    Events(events::Events),
    /// Shows and rebuilds the read models.
    #[command(subcommand)]
    Projections(projections::Projections),
    /// Checks, shows and changes the configuration.
    #[command(subcommand)]
    Config(config::Config),
    /// Starts, stops and lists the processes of this installation.
    #[command(subcommand)]
    Services(services::Services),
    Logs(logs::Logs),
    /// Reports whether the server is ready, and if not, why.
    Health,
    /// Checks everything that an installation needs and suggests how to fix problems.
    Doctor,
    /// Prints the OpenAPI description of the HTTP API.
    Openapi,
    /// Prints shell completions.
    Completions {
        shell: clap_complete::Shell,
    },
    /// Prints the version.
    Version,
    #[command(hide = true)]
    Extract(extract::Extract),
    /// Reads an import over standard input and output; the server starts it in a sandbox.
    #[command(hide = true)]
    ReadImport,
}

pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let Arguments {
        mut flags,
        mut command,
    } = arguments;
    flags.make_paths_absolute();
    if let Command::Database(command) = &mut command {
        command.make_paths_absolute();
    }
    let Some(command) = run_alone(command, &flags)? else {
        return Ok(());
    };
    if let Some(url) = &flags.url {
        return block_on(run_remotely(command, url, flags.token, flags.json));
    }
    // Before any thread exists: the change applies to the calling thread, and later threads inherit it. Also before
    // anything in the data folder is read, because the folder may belong to another user.
    let (overrides, roles) = match &command {
        Command::Serve(serve) => (serve.overrides(), Some(serve.roles.as_slice())),
        _ => (vec![], None),
    };
    let (settings, user) = privileges::drop_privileges(&flags, || load(&flags, &overrides))?;
    let _logging = telemetry::start(&settings, roles);
    block_on(run_locally(command, flags.json, settings, user))
}

/// Runs a command that needs neither an installation nor a server, or returns it.
fn run_alone(command: Command, flags: &Flags) -> Result<Option<Command>, Failure> {
    match command {
        Command::Openapi => output::print_text(api::contract_text()),
        Command::Completions { shell } => {
            let mut command = Arguments::command();
            clap_complete::generate(shell, &mut command, "convosphere", &mut std::io::stdout());
        }
        Command::Version => output::print_data(env!("CARGO_PKG_VERSION")),
        Command::Config(command) => command.run(flags)?,
        Command::Extract(document) => document.run()?,
        Command::ReadImport => workers::run_import_reader().map_err(Failure::failed)?,
        command => return Ok(Some(command)),
    }
    Ok(None)
}

/// Runs a command on a remote server; it uses no files of this machine.
async fn run_remotely(
    command: Command,
    url: &str,
    token: Option<String>,
    json: bool,
) -> Result<(), Failure> {
    let server = client::remote(url, token)?;
    match command {
        Command::Chat(chat) => chat.run_remotely(server).await,
        Command::Users(command) => command.run(&server, json).await,
        Command::Providers(command) => command.run(&server, json).await,
        Command::Events(command) => command.run(&server, json).await,
        Command::Projections(command) => command.run(&server, json).await,
        Command::Database(command) => command.run_remotely(&server, json).await,
        Command::Health => health::check(url, false, json).await,
        Command::Serve(_) => Err(Failure::local_only("serve")),
        Command::Doctor => Err(Failure::local_only("doctor")),
        Command::Services(_) => Err(Failure::local_only("services")),
        Command::Logs(_) => Err(Failure::local_only("logs")),
        // Handled by `run_alone`.
        Command::Config(_)
        | Command::Openapi
        | Command::Completions { .. }
        | Command::Version
        | Command::Extract(_)
        | Command::ReadImport => Ok(()),
    }
}

/// Runs a command on the installation of this machine, whether its server is running or not.
async fn run_locally(
    command: Command,
    json: bool,
    settings: Settings,
    user: OsUser,
) -> Result<(), Failure> {
    match command {
        Command::Serve(serve) => Box::pin(serve::run(settings, &serve.roles)).await,
        Command::Health => health::run(&settings, json).await,
        Command::Services(command) => command.run(&settings, json).await,
        Command::Logs(options) => logs::run(&settings, &options, json).await,
        Command::Doctor => doctor::run(settings, json).await,
        Command::Database(command) => Box::pin(command.run(settings, json)).await,
        Command::Chat(chat) => {
            let run = async |i: &Installation| Box::pin(chat.run(i, &user)).await;
            Installation::use_with(settings, run).await
        }
        Command::Users(command) => {
            let run = async |server: &Client| command.run(server, json).await;
            with_server(settings, &user, Workload::Administration, run).await
        }
        Command::Providers(command) => {
            let run = async |server: &Client| command.run(server, json).await;
            with_server(settings, &user, Workload::Providers, run).await
        }
        // These read the log or the tables themselves, so that they need not trust a server.
        Command::Events(events::Events::Verify(command)) => {
            Installation::use_with(settings, async |i: &Installation| {
                command.run(i, json).await
            })
            .await
        }
        Command::Events(events::Events::Export(command)) => {
            Installation::use_with(settings, async |i: &Installation| command.run(i).await).await
        }
        Command::Projections(projections::Projections::Digest(command)) => {
            Installation::use_with(settings, async |i: &Installation| command.run(i).await).await
        }
        Command::Events(command) => {
            let run = async |server: &Client| command.run(server, json).await;
            with_server(settings, &user, Workload::Administration, run).await
        }
        Command::Projections(command) => {
            let run = async |server: &Client| command.run(server, json).await;
            with_server(settings, &user, Workload::Administration, run).await
        }
        // Handled by `run_alone`.
        Command::Config(_)
        | Command::Openapi
        | Command::Completions { .. }
        | Command::Version
        | Command::Extract(_)
        | Command::ReadImport => Ok(()),
    }
}

/// Runs a command of the operator on the running server, or on one in this process.
async fn with_server(
    settings: Settings,
    user: &OsUser,
    workload: Workload,
    run: impl AsyncFnOnce(&Client) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let use_server = async |i: &Installation| {
        let server = LocalServer::find_or_start(i, workload).await?;
        let result = match server.operator_client(user) {
            Ok(client) => run(&client).await,
            Err(failure) => Err(failure),
        };
        server.stop().await;
        result
    };
    Installation::use_with(settings, use_server).await
}

fn block_on(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::failed)?;
    let result = runtime.block_on(work);
    // A blocking read of a terminal must not delay the exit.
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    result
}
