//! `convosphere serve`

use std::path::{Path, PathBuf};

use api::state::App;
use local_postgres::Lock;
use projections::user::credentials;
use tokio::signal::unix::{SignalKind, signal};

use crate::config::Settings;
use crate::failure::Failure;
use crate::installation::Installation;
use crate::output;
use crate::roles::{Roles, bind, serve};

/// Tells other commands where the running server is.
pub const ADDRESS_FILE: &str = "serve.url";
const LOCK_FILE: &str = "serve.lock";

pub async fn run(settings: Settings) -> Result<(), Failure> {
    // Before anything is started: a port that is taken is known at once.
    let bound = bind(settings.listen).await?;
    std::fs::create_dir_all(&settings.data_dir)?;
    let _lock = lock(&settings.data_dir)?;
    let installation = Installation::open(settings).await?;
    let roles = match Roles::start(&installation).await {
        Ok(roles) => roles,
        Err(failure) => {
            installation.close().await;
            return Err(failure);
        }
    };
    let watching = installation.watch_cluster();
    let url = format!("http://{}", bound.address);
    let address_file = installation.settings.file(ADDRESS_FILE);
    banner(&installation, &roles.app, &url).await?;
    std::fs::write(&address_file, &url)?;
    let result = serve(bound, roles.app.clone(), stopped()).await;
    // The next server writes its own.
    let _ = std::fs::remove_file(&address_file);
    drop(watching);
    drop(roles);
    installation.close().await;
    output::talk("stopped");
    result
}

/// The lock of the one server of a data folder.
fn lock(data_dir: &Path) -> Result<Lock, Failure> {
    let lock = Lock::open(&data_dir.join(LOCK_FILE))?;
    lock.try_exclusive().map_err(|_| {
        Failure::Conflict(format!(
            "a server with the data folder {} is running already",
            data_dir.display()
        ))
    })?;
    Ok(lock)
}

/// The URL of the server that runs on this data folder, where one does.
pub fn running(data_dir: &Path) -> Option<String> {
    let lock = Lock::open(&data_dir.join(LOCK_FILE)).ok()?;
    if lock.try_exclusive().is_ok() {
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
            installation.master_key_file().display()
        ),
        "  models      builtin/guide (answers from the manual; no language model is connected)"
            .to_owned(),
        "  stop        Ctrl-C".to_owned(),
    ]);
    output::talk(&lines.join("\n"));
    Ok(())
}

/// What to type to chat with this installation.
pub fn chat_command(settings: &Settings) -> String {
    let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("convosphere"));
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
