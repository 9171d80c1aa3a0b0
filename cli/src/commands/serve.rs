//! `convosphere serve`

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use api::metrics::Metrics;
use api::server::BoundListener;
use api::startup_endpoint;
use api::state::App;
use domain::provider::LocalServer;
use eventstore::anchors::{AnchorError, Anchors};
use local_postgres::Lock;
use projections::provider::queries;
use projections::user::credentials;
use tokio::signal::unix::{SignalKind, signal};
use workers::Egress;

use crate::arguments::ServerRole;
use crate::config::Settings;
use crate::failure::Failure;
use crate::installation::Installation;
use crate::roles::{ADMIN_FILE, Roles, Standing, bind, serve, serve_admin};
use crate::{output, private};

/// How often a database that is away is looked for, and how many may ask meanwhile.
const LOOK: Duration = Duration::from_millis(500);
const WAITING: usize = 64;
/// Tries to get the lock of a role.
const LOCK_TRIES: u32 = 10;
/// How often the end of the log is anchored.
const ANCHORING: Duration = Duration::from_secs(5);
const LOCK_PAUSE: Duration = Duration::from_millis(20);
/// Tells other commands where the running server is.
pub const ADDRESS_FILE: &str = "serve.url";

pub async fn run(settings: Settings, roles: &[ServerRole]) -> Result<(), Failure> {
    let roles = match roles {
        [] => &ServerRole::ALL,
        roles => roles,
    };
    if settings.nats_url.is_none() && roles == [ServerRole::Relay] {
        return Err(Failure::Usage(
            "a relay needs nats.url (NATS_URL): it publishes the log to NATS".to_owned(),
        ));
    }
    // Before anything is started: a port that is taken is known at once.
    let bound = match roles.contains(&ServerRole::Api) {
        true => Some(bind(settings.listen).await?),
        false => None,
    };
    std::fs::create_dir_all(&settings.data_dir)?;
    let _locks = lock_roles(&settings.data_dir, roles)?;
    let Some(installation) = open(settings, bound.as_ref()).await? else {
        output::talk("stopped");
        return Ok(());
    };
    warn_of_difference(&installation).await;
    let running = match Roles::start(&installation, roles, Standing::Server).await {
        Ok(roles) => roles,
        Err(failure) => {
            installation.close().await;
            return Err(failure);
        }
    };
    let mut watching = installation.watch_cluster();
    watching.spawn(keep_anchoring(installation.anchors()));
    let telling = match serve_admin(&installation.settings, running.admin.clone()).await {
        Ok(tasks) => tasks,
        Err(failure) => {
            drop(running);
            installation.close().await;
            return Err(failure);
        }
    };
    let result = match (bound, running.app.clone()) {
        (Some(bound), Some(app)) => answer(&installation, bound, app).await,
        _ => {
            let names: Vec<&str> = roles.iter().map(|role| role.name()).collect();
            output::talk(&format!("running as {}", names.join(", ")));
            stopped().await;
            Ok(())
        }
    };
    // The next process writes its own.
    let _ = std::fs::remove_file(installation.settings.file(ADMIN_FILE));
    running.stop().await;
    drop((watching, telling));
    anchor(&installation.anchors(), &mut false).await;
    installation.close().await;
    output::talk("stopped");
    result
}

/// Says loudly that the log was cut or rewritten. The server starts all the same: whoever looks after it needs it to see
/// what there is, and the log is not made worse by what is appended.
async fn warn_of_difference(i: &Installation) {
    match i.difference(vec![]).await {
        Ok(None) => {}
        Ok(Some(difference)) => {
            tracing::error!(position = difference.position, "{}", difference.message);
            output::talk(&format!("warning: {}", difference.message));
        }
        Err(error) => tracing::warn!(%error, "the log was not compared with its anchors"),
    }
}

/// Anchors the end of the log regularly. Ends when the set is dropped.
async fn keep_anchoring(anchors: Anchors) {
    let mut said = false;
    let mut tick = tokio::time::interval(ANCHORING);
    loop {
        tick.tick().await;
        anchor(&anchors, &mut said).await;
    }
}

/// Anchors the end of the log. That it differs from its anchors is said once, and then nothing is anchored.
async fn anchor(anchors: &Anchors, said: &mut bool) {
    match anchors.write().await {
        Ok(()) => *said = false,
        Err(AnchorError::Differs(difference)) => {
            if !std::mem::replace(said, true) {
                tracing::error!(position = difference.position, "{}", difference.message);
            }
        }
        // The database is away, or the disk is full: the next time comes soon.
        Err(error) => tracing::debug!(%error, "the end of the log was not anchored"),
    }
}

/// Opens the installation. One whose external database is away is waited for, and says so to whoever asks; none where
/// the server was told to stop meanwhile.
async fn open(
    settings: Settings,
    bound: Option<&BoundListener>,
) -> Result<Option<Installation>, Failure> {
    match Installation::open(settings.clone()).await {
        Err(Failure::Unavailable(why)) if settings.database_url.is_some() => {
            let place =
                bound.map_or_else(String::new, |bound| format!(" at http://{}", bound.address));
            output::talk(&format!("{why}; waiting for it{place}"));
        }
        result => return result.map(Some),
    }
    let coming = async {
        loop {
            tokio::time::sleep(LOOK).await;
            match Installation::open(settings.clone()).await {
                Err(Failure::Unavailable(_)) => {}
                result => return result,
            }
        }
    };
    let metrics = Arc::new(Metrics::new().map_err(Failure::failed)?);
    let telling = async {
        match bound {
            Some(bound) => {
                let endless = std::future::pending();
                bound
                    .serve_until(startup_endpoint(metrics), WAITING, endless)
                    .await;
            }
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        opened = coming => opened.map(Some),
        () = telling => Ok(None),
        () = stopped() => Ok(None),
    }
}

/// Answers HTTP until told to stop.
async fn answer(
    installation: &Installation,
    bound: BoundListener,
    app: Arc<App>,
) -> Result<(), Failure> {
    let url = format!("http://{}", bound.address);
    let address_file = installation.settings.file(ADDRESS_FILE);
    banner(installation, &app, &url).await?;
    private::write(&address_file, &url)?;
    serve(bound, app, stopped()).await;
    // The next server writes its own.
    let _ = std::fs::remove_file(&address_file);
    Ok(())
}

/// The locks of all roles: no server runs on the data folder while somebody holds them.
pub fn lock_all(data_dir: &Path) -> Result<Vec<Lock>, Failure> {
    lock_roles(data_dir, &ServerRole::ALL)
}

fn lock_roles(data_dir: &Path, roles: &[ServerRole]) -> Result<Vec<Lock>, Failure> {
    roles.iter().map(|role| lock(data_dir, *role)).collect()
}

/// The lock of the one process of a data folder that has a role. Whoever looks whether one runs has it for a moment.
fn lock(data_dir: &Path, role: ServerRole) -> Result<Lock, Failure> {
    let lock = Lock::open(&data_dir.join(lock_file(role)))?;
    for _ in 0..LOCK_TRIES {
        if lock.try_exclusive().is_ok() {
            return Ok(lock);
        }
        std::thread::sleep(LOCK_PAUSE);
    }
    Err(Failure::Conflict(format!(
        "a server with the data folder {} is running already (role {})",
        data_dir.display(),
        role.name()
    )))
}

fn lock_file(role: ServerRole) -> String {
    match role {
        ServerRole::Api => "serve.lock".to_owned(),
        role => format!("serve-{}.lock", role.name()),
    }
}

/// Whether a process with a role runs on this data folder.
pub fn is_running(data_dir: &Path, role: ServerRole) -> bool {
    let path = data_dir.join(lock_file(role));
    path.exists() && Lock::open(&path).is_ok_and(|lock| lock.try_exclusive().is_err())
}

/// The URL of the server that runs on this data folder, where one does.
pub fn running(data_dir: &Path) -> Option<String> {
    if !is_running(data_dir, ServerRole::Api) {
        return None;
    }
    std::fs::read_to_string(data_dir.join(ADDRESS_FILE)).ok()
}

async fn stopped() {
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

async fn banner(installation: &Installation, app: &App, url: &str) -> Result<(), Failure> {
    let mut lines = vec![String::new(), format!("ConvoSphere is running at {url}")];
    if !credentials::is_set_up(&installation.pool).await? {
        lines.push(format!("  set up      {url}/#token={}", app.setup_token));
    }
    lines.extend([
        format!("  chat        {}", chat_command(&installation.settings)),
        format!(
            "  data        {} ({})",
            installation.settings.data_dir.display(),
            installation.database()
        ),
        format!(
            "  master key  {} - back it up: without it no text can be read",
            installation.settings.master_key_file.display()
        ),
        format!("  models      {}", models(installation).await?),
        "  stop        Ctrl-C".to_owned(),
    ]);
    output::talk(&lines.join("\n"));
    Ok(())
}

/// What can answer, or how to connect what could.
async fn models(installation: &Installation) -> Result<String, Failure> {
    let found = queries::models(&installation.pool).await?;
    if let Some(first) = found.first() {
        return Ok(format!(
            "{} of your providers, such as {}/{}; builtin/guide answers from the manual",
            found.len(),
            first.provider,
            first.model
        ));
    }
    let guide = "builtin/guide (answers from the manual; no language model is connected)";
    if let Some(given) = installation.settings.given.first() {
        let name = given.name;
        return Ok(format!(
            "{guide}; {name} of the environment is being asked for its models"
        ));
    }
    let egress = Egress::new().map_err(Failure::failed)?;
    for LocalServer { name, base_url } in &installation.settings.local_servers {
        if workers::provider::answers(&egress, base_url).await {
            let program = program();
            return Ok(format!(
                "{guide}\n              {name} answers on this machine: {} providers add {name} --base-url {base_url}",
                program.display()
            ));
        }
    }
    Ok(guide.to_owned())
}

fn program() -> PathBuf {
    std::env::current_exe().unwrap_or_else(|_| PathBuf::from("convosphere"))
}

/// What to type to chat with this installation.
pub fn chat_command(settings: &Settings) -> String {
    let program = program();
    let question = "chat \"Where does my data lie?\"";
    if settings.data_dir_given {
        return format!(
            "{} {question} --data-dir {}",
            program.display(),
            settings.data_dir.display()
        );
    }
    format!("{} {question}", program.display())
}
