//! `convosphere serve`

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use api::metrics::Metrics;
use api::server::BoundListener;
use api::startup_endpoint;
use api::state::App;
use application::{ProcessKind, Role};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use domain::provider::LocalServer;
use eventstore::anchors::{AnchorError, Anchors};
use projections::provider::queries;
use projections::user::credentials;
use tokio::signal::unix::{SignalKind, signal};
use workers::Egress;

use crate::config::{Settings, program_path};
use crate::failure::Failure;
use crate::installation::Installation;
use crate::listener::{ADMIN_FILE, bind, serve, serve_admin};
use crate::role_locks::{ADDRESS_FILE, lock_roles};
use crate::{output, private_files};

/// How often an unavailable database is tried again, and how many clients can connect in the meantime.
const POLL_INTERVAL: Duration = Duration::from_millis(500);
const WAITING_CONNECTIONS: usize = 64;
/// How often the end of the log is anchored.
const ANCHOR_INTERVAL: Duration = Duration::from_secs(5);

/// Starts the server.
#[derive(Debug, Args)]
pub struct Serve {
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// Address and port for metrics and health checks.
    #[arg(long, value_name = "ADDRESS:PORT")]
    admin_listen: Option<SocketAddr>,
    /// A role of this process; may be repeated. By default the process has all roles.
    #[arg(long = "role", value_parser = role_parser(), value_name = "ROLE")]
    pub roles: Vec<Role>,
}

impl Serve {
    /// The settings that its options override.
    pub fn overrides(&self) -> Vec<(&'static str, String)> {
        let addresses = [
            ("server.listen", self.listen),
            ("admin.listen", self.admin_listen),
        ];
        let given = addresses.into_iter();
        given
            .filter_map(|(name, address)| Some((name, address?.to_string())))
            .collect()
    }
}

/// The names of the roles as values of an argument.
pub fn role_parser() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.map(Role::name))
        .try_map(|name| Role::from_name(&name).ok_or("unknown role"))
}

pub async fn run(settings: Settings, roles: &[Role]) -> Result<(), Failure> {
    let roles = match roles {
        [] => &Role::ALL,
        roles => roles,
    };
    if settings.nats_url.is_none() && roles == [Role::Relay] {
        return Err(Failure::Usage(
            "the role relay publishes the log to NATS: set nats.url (NATS_URL)".to_owned(),
        ));
    }
    // Bind first, so that a port in use is reported at once.
    let bound = match roles.contains(&Role::Api) {
        true => Some(bind(settings.server.listen).await?),
        false => None,
    };
    std::fs::create_dir_all(&settings.data_dir)?;
    let _locks = lock_roles(&settings.data_dir, roles)?;
    let Some(installation) = open_when_available(settings, bound.as_ref()).await? else {
        output::print_message("stopped");
        return Ok(());
    };
    warn_about_difference(&installation).await;
    let running = match installation.start(roles, ProcessKind::Server).await {
        Ok(application) => application,
        Err(failure) => {
            installation.close().await;
            return Err(failure);
        }
    };
    let mut background = installation.watch_cluster();
    background.spawn(anchor_regularly(installation.anchors()));
    let admin_server = match serve_admin(&installation.settings, running.admin.clone()).await {
        Ok(tasks) => tasks,
        Err(failure) => {
            drop(running);
            installation.close().await;
            return Err(failure);
        }
    };
    let result = match (bound, running.app.clone()) {
        (Some(bound), Some(app)) => serve_clients(&installation, bound, app).await,
        _ => {
            let names: Vec<&str> = roles.iter().map(|role| role.name()).collect();
            output::print_message(&format!("running as {}", names.join(", ")));
            wait_for_stop_signal().await;
            Ok(())
        }
    };
    let _ = std::fs::remove_file(installation.settings.file(ADMIN_FILE));
    running.stop().await;
    drop((background, admin_server));
    anchor(&installation.anchors(), &mut false).await;
    installation.close().await;
    output::print_message("stopped");
    result
}

/// Warns if the log was cut off or rewritten. The server starts anyway: the operator needs it to inspect the data, and
/// appending does no further damage.
async fn warn_about_difference(i: &Installation) {
    match i.find_difference(vec![]).await {
        Ok(None) => {}
        Ok(Some(difference)) => {
            tracing::error!(position = difference.position, "{}", difference.message);
            output::print_message(&format!("warning: {}", difference.message));
        }
        Err(error) => tracing::warn!(%error, "could not compare the log with its anchors"),
    }
}

async fn anchor_regularly(anchors: Anchors) {
    let mut reported = false;
    let mut tick = tokio::time::interval(ANCHOR_INTERVAL);
    loop {
        tick.tick().await;
        anchor(&anchors, &mut reported).await;
    }
}

/// Anchors the end of the log. If the log differs from its anchors, reports it once and writes no anchor.
async fn anchor(anchors: &Anchors, reported: &mut bool) {
    match anchors.write().await {
        Ok(()) => *reported = false,
        Err(AnchorError::Differs(difference)) => {
            if !std::mem::replace(reported, true) {
                tracing::error!(position = difference.position, "{}", difference.message);
            }
        }
        // For example an unavailable database or a full disk; retried soon.
        Err(error) => tracing::debug!(%error, "could not anchor the end of the log"),
    }
}

/// Opens the installation. Waits for an unavailable external database and meanwhile answers health checks. Returns
/// `None` if the server is stopped before.
async fn open_when_available(
    settings: Settings,
    bound: Option<&BoundListener>,
) -> Result<Option<Installation>, Failure> {
    match Installation::open(settings.clone()).await {
        Err(Failure::Unavailable(reason)) if settings.database_url.is_some() => {
            let address =
                bound.map_or_else(String::new, |bound| format!(" at http://{}", bound.address));
            output::print_message(&format!("{reason}; waiting for it{address}"));
        }
        result => return result.map(Some),
    }
    let opening = async {
        loop {
            tokio::time::sleep(POLL_INTERVAL).await;
            match Installation::open(settings.clone()).await {
                Err(Failure::Unavailable(_)) => {}
                result => return result,
            }
        }
    };
    let metrics = Arc::new(Metrics::new().map_err(Failure::failed)?);
    let answering = async {
        match bound {
            Some(bound) => {
                let never = std::future::pending();
                bound
                    .serve_until(
                        startup_endpoint(metrics, eventstore::Clock::system()),
                        WAITING_CONNECTIONS,
                        never,
                    )
                    .await;
            }
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        opened = opening => opened.map(Some),
        () = answering => Ok(None),
        () = wait_for_stop_signal() => Ok(None),
    }
}

/// Serves the HTTP API until a stop signal.
async fn serve_clients(
    installation: &Installation,
    bound: BoundListener,
    app: Arc<App>,
) -> Result<(), Failure> {
    let url = format!("http://{}", bound.address);
    let address_file = installation.settings.file(ADDRESS_FILE);
    print_banner(installation, &app, &url).await?;
    private_files::write(&address_file, &url)?;
    serve(bound, app, wait_for_stop_signal()).await;
    let _ = std::fs::remove_file(&address_file);
    Ok(())
}

async fn wait_for_stop_signal() {
    let (Ok(mut terminated), Ok(mut interrupted)) = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    ) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminated.recv() => {}
        _ = interrupted.recv() => {}
    }
}

async fn print_banner(installation: &Installation, app: &App, url: &str) -> Result<(), Failure> {
    let mut lines = vec![String::new(), format!("ConvoSphere is running at {url}")];
    if !credentials::is_set_up(&installation.pool).await? {
        lines.push(format!("  set up      {url}/#token={}", app.setup_token));
    }
    lines.extend([
        format!("  chat        {}", installation.settings.chat_command()),
        format!(
            "  data        {} ({})",
            installation.settings.data_dir.display(),
            installation.describe_database()
        ),
        format!(
            "  master key  {} - keep a copy: the data cannot be decrypted without it",
            installation.settings.master_key_file.display()
        ),
        format!("  models      {}", describe_models(installation).await?),
        "  stop        Ctrl-C".to_owned(),
    ]);
    output::print_message(&lines.join("\n"));
    Ok(())
}

/// Describes the available models, or how to connect one.
async fn describe_models(installation: &Installation) -> Result<String, Failure> {
    let mut models = queries::models(&installation.pool).await?;
    models.retain(|model| model.enabled);
    if let Some(first) = models.first() {
        return Ok(format!(
            "{} from your providers, such as {}/{}; builtin/guide answers from the manual",
            models.len(),
            first.provider,
            first.model
        ));
    }
    let guide = "builtin/guide (answers from the manual; no language model is connected)";
    if let Some(provider) = installation.settings.environment_providers.first() {
        return Ok(format!(
            "{guide}; listing the models of {} (from the environment)",
            provider.name
        ));
    }
    let egress = Egress::new().map_err(Failure::failed)?;
    for LocalServer { name, base_url } in &installation.settings.local_servers {
        if workers::provider::is_model_server(&egress, base_url).await {
            return Ok(format!(
                "{guide}\n              {name} is running on this machine: {} providers add {name} --base-url {base_url}",
                program_path().display()
            ));
        }
    }
    Ok(guide.to_owned())
}
