//! The commands, one file each.

pub mod chat;
mod config;
pub mod database;
mod doctor;
pub mod events;
pub mod health;
mod logs;
pub mod projections;
pub mod providers;
pub mod serve;
pub mod services;
pub mod users;

use clap::CommandFactory;
use workers::document::extract;

use crate::arguments::{Arguments, Command};
use crate::config::Settings;
use crate::failure::Failure;
use crate::installation::Installation;
use crate::output;
use crate::privileges::{self, OsUser};

/// Runs a command that needs no installation. Returns false if the command is not one of them.
pub fn run_without_installation(arguments: &Arguments) -> Result<bool, Failure> {
    match &arguments.command {
        Command::Openapi => output::print_text(api::contract_text()),
        Command::Completions { shell } => {
            let mut command = Arguments::command();
            clap_complete::generate(*shell, &mut command, "convosphere", &mut std::io::stdout());
        }
        Command::Version => output::print_data(env!("CARGO_PKG_VERSION")),
        Command::Config(command) => {
            privileges::drop_privileges_for_config(arguments)?;
            config::run(command, arguments)?;
        }
        Command::Extract(document) => {
            let request = extract::ExtractRequest {
                media_type: document.media_type.clone(),
                tokens: document.tokens,
                overlap: document.overlap,
            };
            extract::run_child(request).map_err(Failure::failed)?;
        }
        Command::ReadImport => workers::run_import_reader().map_err(Failure::failed)?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// Runs a command on the local installation, whether its server is running or not.
pub async fn run(
    command: Command,
    json: bool,
    settings: Settings,
    user: OsUser,
) -> Result<(), Failure> {
    match command {
        Command::Serve(serve) => return Box::pin(serve::run(settings, &serve.roles)).await,
        Command::Health => return health::run(&settings, json).await,
        Command::Services(command) => return services::run(&settings, command, json).await,
        Command::Logs(options) => return logs::run(&settings, &options, json).await,
        Command::Doctor => return doctor::run(settings, json).await,
        Command::Database(ref command)
            if database::run_unopened(command, &settings, json).await? =>
        {
            return Ok(());
        }
        _ => {}
    }
    let installation = Installation::open(settings).await?;
    let result = match command {
        Command::Chat(chat) => chat::run(&installation, chat, &user).await,
        Command::Users(command) => users::run(&installation, command, json, &user).await,
        Command::Providers(command) => providers::run(&installation, command, json, &user).await,
        Command::Database(command) => database::run(&installation, &command, json).await,
        Command::Events(command) => events::run(&installation, command, json).await,
        Command::Projections(command) => projections::run(&installation, command, json).await,
        _ => Ok(()),
    };
    installation.close().await;
    result
}
