//! Commands on a server elsewhere: `--url` and a token, and nothing of this machine.

mod log;
mod providers;
pub mod server;
mod users;

use crate::arguments::{Arguments, Command, Database};
use crate::commands::{chat, health};
use crate::failure::Failure;

pub use server::Server;

/// Runs a command on the server at `url`.
pub async fn run(arguments: Arguments, url: &str) -> Result<(), Failure> {
    let json = arguments.json;
    let server = Server::elsewhere(url, arguments.token)?;
    match arguments.command {
        Command::Chat(chat) => chat::elsewhere(server, chat).await,
        Command::Users(command) => users::run(&server, command, json).await,
        Command::Providers(command) => providers::run(&server, command, json).await,
        Command::Events(command) => log::events(&server, command, json).await,
        Command::Projections(command) => log::projections(&server, command, json).await,
        Command::Health => health::ask(&server, json).await,
        Command::Serve(_) => Err(only_there("serve")),
        Command::Database(Database::Backup { to: None }) => log::backup(&server, json).await,
        Command::Database(_) => Err(only_there("database")),
        Command::Doctor => Err(only_there("doctor")),
        Command::Services(_) => Err(only_there("services")),
        Command::Logs(_) => Err(only_there("logs")),
        // These look at nothing but the program itself, and were done before.
        Command::Config(_)
        | Command::Openapi
        | Command::Completions { .. }
        | Command::Version
        | Command::Extract(_)
        | Command::ReadImport => Ok(()),
    }
}

fn only_there(command: &str) -> Failure {
    Failure::Usage(format!(
        "`convosphere {command}` works on the machine of the installation alone: leave out --url there"
    ))
}
