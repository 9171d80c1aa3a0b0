//! `convosphere chat`: a client of the running server, or of a server in the same process.

mod actor;
mod client;

use std::io::{BufRead, IsTerminal, Read};

use application::{ProcessKind, Role};
use tokio::sync::oneshot;

use self::client::ChatClient;
use crate::api_client::ApiClient;
use crate::arguments::Chat;
use crate::commands::serve::server_url;
use crate::failure::Failure;
use crate::installation::Installation;
use crate::listener::{bind, serve};
use crate::output;
use crate::privileges::OsUser;

pub async fn run(installation: &Installation, chat: Chat, os_user: &OsUser) -> Result<(), Failure> {
    match server_url(&installation.settings.data_dir) {
        Some(url) => run_local(installation, &url, chat, os_user).await,
        None => run_in_process(installation, chat, os_user).await,
    }
}

/// Without a server: runs all roles in this process, on a free port, for the duration of the chat.
async fn run_in_process(
    installation: &Installation,
    chat: Chat,
    os_user: &OsUser,
) -> Result<(), Failure> {
    let application = installation.start(&Role::ALL, ProcessKind::Command).await?;
    let Some(app) = application.app.clone() else {
        return Ok(());
    };
    let bound = bind(([127, 0, 0, 1], 0).into()).await?;
    let url = format!("http://{}", bound.address);
    let (stop, stopped) = oneshot::channel::<()>();
    #[expect(clippy::disallowed_methods, reason = "stopped and awaited below")]
    let server = tokio::spawn(serve(bound, app, async move {
        let _ = stopped.await;
    }));
    let result = run_local(installation, &url, chat, os_user).await;
    let _ = stop.send(());
    let _ = server.await;
    application.stop().await;
    result
}

async fn run_local(
    installation: &Installation,
    url: &str,
    chat: Chat,
    os_user: &OsUser,
) -> Result<(), Failure> {
    let user_id = actor::find(installation, chat.acting.as_deref(), os_user).await?;
    let token = actor::issue_token(installation, user_id).await?;
    run_client(ApiClient::local(url, Some(token))?, chat).await
}

/// With a remote server: acts as the user of the token.
pub async fn run_remote(server: ApiClient, chat: Chat) -> Result<(), Failure> {
    if chat.acting.is_some() {
        return Err(Failure::Usage(
            "--as does not support --url; the token determines the user on a remote server, so use --as on the machine of \
             the installation"
                .to_owned(),
        ));
    }
    run_client(server, chat).await
}

async fn run_client(server: ApiClient, chat: Chat) -> Result<(), Failure> {
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
