//! One file per command.

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

/// Runs what needs no installation; tells whether that was it.
pub fn without_installation(arguments: &Arguments) -> Result<bool, Failure> {
    match &arguments.command {
        Command::Openapi => output::piece(&api::contract_text()),
        Command::Completions { shell } => {
            let mut command = Arguments::command();
            clap_complete::generate(*shell, &mut command, "convosphere", &mut std::io::stdout());
        }
        Command::Version => output::data(env!("CARGO_PKG_VERSION")),
        Command::Config(command) => {
            privileges::give_up_root_of(arguments)?;
            config::run(command, arguments)?;
        }
        Command::Extract(document) => {
            let asked = extract::Asked {
                media_type: document.media_type.clone(),
                tokens: document.tokens,
                overlap: document.overlap,
            };
            extract::run_child(asked).map_err(Failure::failed)?;
        }
        Command::ReadImport => workers::run_import_reader().map_err(Failure::failed)?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// Runs what works on an installation, with the server running or stopped.
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
        Command::Logs(asked) => return logs::run(&settings, &asked, json).await,
        Command::Doctor => return doctor::run(settings, json).await,
        Command::Database(ref command) if database::elsewhere(command, &settings, json).await? => {
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
