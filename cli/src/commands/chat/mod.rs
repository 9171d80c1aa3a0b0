//! `convosphere chat`: a client of the running server, or of one in its own process.

mod actor;
mod client;

use std::io::{BufRead, IsTerminal, Read};

use tokio::sync::oneshot;

use self::client::Client;
use crate::arguments::Chat;
use crate::arguments::ServerRole;
use crate::commands::serve::running;
use crate::failure::Failure;
use crate::installation::Installation;
use crate::output;
use crate::privileges::OsUser;
use crate::remote::Server;
use crate::roles::{Roles, Standing, bind, serve};

pub async fn run(installation: &Installation, chat: Chat, os_user: &OsUser) -> Result<(), Failure> {
    match running(&installation.settings.data_dir) {
        Some(url) => talk(installation, &url, chat, os_user).await,
        None => alone(installation, chat, os_user).await,
    }
}

/// Without a server: the roles run in this process, on a port of their own, for as long as the chat.
async fn alone(installation: &Installation, chat: Chat, os_user: &OsUser) -> Result<(), Failure> {
    let roles = Roles::start(installation, &ServerRole::ALL, Standing::Guest).await?;
    let Some(app) = roles.app.clone() else {
        return Ok(());
    };
    let bound = bind(([127, 0, 0, 1], 0).into()).await?;
    let url = format!("http://{}", bound.address);
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(serve(bound, app, async move {
        let _ = stopped.await;
    }));
    let result = talk(installation, &url, chat, os_user).await;
    let _ = stop.send(());
    let _ = server.await;
    roles.stop().await;
    result
}

async fn talk(
    installation: &Installation,
    url: &str,
    chat: Chat,
    os_user: &OsUser,
) -> Result<(), Failure> {
    let user_id = actor::find(installation, chat.acting.as_deref(), os_user).await?;
    let token = actor::token(installation, user_id).await?;
    dialogue_or_question(Server::here(url, Some(token))?, chat).await
}

/// With a server elsewhere: whom the token names is who speaks.
pub async fn elsewhere(server: Server, chat: Chat) -> Result<(), Failure> {
    if chat.acting.is_some() {
        return Err(Failure::Usage(
            "--as is for the machine of the installation: elsewhere the token tells who speaks"
                .to_owned(),
        ));
    }
    dialogue_or_question(server, chat).await
}

async fn dialogue_or_question(server: Server, chat: Chat) -> Result<(), Failure> {
    let mut client = Client::new(server, &chat);
    match chat.text.as_deref() {
        Some("-") => client.ask(&all_of_stdin()?).await,
        Some(text) => client.ask(text).await,
        None if std::io::stdin().is_terminal() => dialogue(&mut client).await,
        None => client.ask(&all_of_stdin()?).await,
    }
}

/// Question and answer until an empty line or the end of input.
async fn dialogue(client: &mut Client) -> Result<(), Failure> {
    output::talk("Ask away; an empty line ends the chat.");
    loop {
        output::piece("> ");
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

fn all_of_stdin() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin()
        .lock()
        .read_to_string(&mut text)
        .map_err(|error| Failure::Usage(format!("standard input: {error}")))?;
    Ok(text)
}
