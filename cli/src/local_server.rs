//! The server that a command on this machine uses: the one that runs on the data folder, or one in this process.

use api::token::Tokens;
use application::{Application, Config, ProcessKind, Role};
use convosphere_client::Client;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::client;
use crate::failure::Failure;
use crate::installation::Installation;
use crate::listener::{bind, serve};
use crate::privileges::OsUser;
use crate::role_locks::server_url;

/// What a server in this process has to do for its command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workload {
    /// Everything.
    Chat,
    /// Read models, jobs and the HTTP interface.
    Administration,
    /// Checks of providers too.
    Providers,
}

impl Workload {
    fn roles(self) -> &'static [Role] {
        match self {
            Self::Chat => &Role::ALL,
            Self::Administration => &[Role::Projector, Role::Api],
            Self::Providers => &[Role::Projector, Role::Responder, Role::Api],
        }
    }
}

/// A server on this machine.
pub struct LocalServer {
    url: String,
    tokens: Tokens,
    in_process: Option<InProcess>,
}

struct InProcess {
    application: Application,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl LocalServer {
    /// Uses the running server, or starts one on a free port. It takes no locks, so a server can start at any time: both
    /// then share the work.
    pub async fn find_or_start(i: &Installation, workload: Workload) -> Result<Self, Failure> {
        let key = i.keys.signing_key("access-token").await?;
        let tokens = Tokens::new(i.log.id, &key, i.clock.clone());
        if let Some(url) = server_url(&i.settings.data_dir) {
            return Ok(Self {
                url,
                tokens,
                in_process: None,
            });
        }
        let (url, in_process) = start(i, workload).await?;
        Ok(Self {
            url,
            tokens,
            in_process: Some(in_process),
        })
    }

    /// A client for the operator. Whoever can read the master key may administer the installation.
    pub fn operator_client(&self, user: &OsUser) -> Result<Client, Failure> {
        let (tokens, name) = (self.tokens.clone(), user.0.clone());
        self.client(move || tokens.issue_for_operator(&name))
    }

    /// A client for a user. Whoever can read the master key can act as any user.
    pub fn user_client(&self, user_id: Uuid) -> Result<Client, Failure> {
        let tokens = self.tokens.clone();
        self.client(move || tokens.issue(user_id, None))
    }

    fn client(
        &self,
        issue: impl Fn() -> Option<String> + Send + Sync + 'static,
    ) -> Result<Client, Failure> {
        client::local(&self.url, move || issue().unwrap_or_default())
    }

    /// Stops the server if it runs in this process.
    pub async fn stop(self) {
        let Some(server) = self.in_process else {
            return;
        };
        let _ = server.stop.send(());
        let _ = server.task.await;
        server.application.stop().await;
    }
}

async fn start(i: &Installation, workload: Workload) -> Result<(String, InProcess), Failure> {
    let config = i.application_config(ProcessKind::Command)?;
    let config = match workload {
        Workload::Chat => config,
        // The answers of others must not start here, because the process ends soon.
        Workload::Administration | Workload::Providers => Config {
            answer_slots: 0,
            ..config
        },
    };
    let application = Application::build(i.core.clone(), config, workload.roles()).await?;
    let app = application
        .app
        .clone()
        .ok_or_else(|| Failure::Unavailable("the server did not start".to_owned()))?;
    let bound = bind(([127, 0, 0, 1], 0).into()).await?;
    let url = format!("http://{}", bound.address);
    let (stop, stopped) = oneshot::channel::<()>();
    #[expect(clippy::disallowed_methods, reason = "stopped and awaited in `stop`")]
    let task = tokio::spawn(serve(bound, app, async move {
        let _ = stopped.await;
    }));
    let in_process = InProcess {
        application,
        stop,
        task,
    };
    Ok((url, in_process))
}
