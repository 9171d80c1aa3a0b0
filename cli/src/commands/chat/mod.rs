//! `convosphere chat`: a client of the running server, or of a server in the same process.

mod actor;
mod client;

use std::io::{BufRead, IsTerminal, Read};

use clap::Args;
use convosphere_client::Client;
use uuid::Uuid;

use self::client::ChatClient;
use crate::failure::Failure;
use crate::installation::Installation;
use crate::local_server::{LocalServer, Workload};
use crate::output;
use crate::privileges::OsUser;

/// Chats with an assistant; interactive if no text is given.
#[derive(Debug, Args)]
pub struct Chat {
    /// The message. Use - to read it from standard input.
    text: Option<String>,
    /// The user to act as; required if there is more than one administrator.
    #[arg(long = "as", value_name = "EMAIL")]
    acting: Option<String>,
    /// The assistant that answers.
    #[arg(long, value_name = "ID")]
    assistant: Option<Uuid>,
    /// The model that answers, as PROVIDER/MODEL.
    #[arg(long)]
    model: Option<String>,
    /// The conversation to continue.
    #[arg(long, value_name = "ID")]
    conversation: Option<Uuid>,
}

impl Chat {
    /// Chats as a user of the installation.
    pub async fn run(self, i: &Installation, os_user: &OsUser) -> Result<(), Failure> {
        let server = LocalServer::find_or_start(i, Workload::Chat).await?;
        let result = self.run_as_user(i, &server, os_user).await;
        server.stop().await;
        result
    }

    async fn run_as_user(
        self,
        i: &Installation,
        server: &LocalServer,
        os_user: &OsUser,
    ) -> Result<(), Failure> {
        let user_id = actor::find(i, self.acting.as_deref(), os_user).await?;
        let client = server.user_client(user_id)?;
        run_client(client, self).await
    }

    /// With a remote server: acts as the user of the token.
    pub async fn run_remotely(self, server: Client) -> Result<(), Failure> {
        if self.acting.is_some() {
            return Err(Failure::Usage(
                "--as does not support --url; the token determines the user on a remote server, so use --as on the \
                 machine of the installation"
                    .to_owned(),
            ));
        }
        run_client(server, self).await
    }
}

async fn run_client(server: Client, chat: Chat) -> Result<(), Failure> {
    let mut client = ChatClient::new(server, &chat);
    match chat.text.as_deref() {
        Some("-") => client.ask(&read_stdin()?).await,
        Some(text) => client.ask(text).await,
        None if std::io::stdin().is_terminal() => run_interactive(&mut client).await,
        None => client.ask(&read_stdin()?).await,
    }
}

/// Reads messages and prints answers until an empty line or the end of input.
async fn run_interactive(client: &mut ChatClient) -> Result<(), Failure> {
    output::print_message("Type a message; an empty line ends the chat.");
    loop {
        output::print_text("> ");
        let line = tokio::task::spawn_blocking(|| {
            let mut line = String::new();
            std::io::stdin().lock().read_line(&mut line).map(|_| line)
        });
        let line = tokio::select! {
            line = line => line.map_err(Failure::failed)??,
            _ = tokio::signal::ctrl_c() => return Err(Failure::Interrupted),
        };
        if line.trim().is_empty() {
            return Ok(());
        }
        client.ask(&line).await?;
    }
}

fn read_stdin() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin()
        .lock()
        .read_to_string(&mut text)
        .map_err(|error| Failure::Usage(format!("cannot read standard input: {error}")))?;
    Ok(text)
}
