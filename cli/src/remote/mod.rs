//! Commands that use a remote server (`--url` and a token) and no files of this machine.

mod log;
mod providers;
mod users;

use crate::api_client::ApiClient;
use crate::arguments::{Arguments, Command, Database};
use crate::commands::{chat, health};
use crate::failure::Failure;

/// Runs a command on the server at `url`.
pub async fn run(arguments: Arguments, url: &str) -> Result<(), Failure> {
    let json = arguments.json;
    let server = ApiClient::remote(url, arguments.token)?;
    match arguments.command {
        Command::Chat(chat) => chat::run_remote(server, chat).await,
        Command::Users(command) => users::run(&server, command, json).await,
        Command::Providers(command) => providers::run(&server, command, json).await,
        Command::Events(command) => log::events(&server, command, json).await,
        Command::Projections(command) => log::projections(&server, command, json).await,
        Command::Health => health::check(&server, json).await,
        Command::Serve(_) => Err(local_only("serve")),
        Command::Database(Database::Backup { to: None }) => log::backup(&server, json).await,
        Command::Database(_) => Err(local_only("database")),
        Command::Doctor => Err(local_only("doctor")),
        Command::Services(_) => Err(local_only("services")),
        Command::Logs(_) => Err(local_only("logs")),
        // Handled earlier: these need neither an installation nor a server.
        Command::Config(_)
        | Command::Openapi
        | Command::Completions { .. }
        | Command::Version
        | Command::Extract(_)
        | Command::ReadImport => Ok(()),
    }
}

fn local_only(command: &str) -> Failure {
    Failure::Usage(format!(
        "`convosphere {command}` does not support --url; run it on the machine of the installation"
    ))
}
