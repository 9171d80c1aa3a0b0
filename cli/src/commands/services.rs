//! `convosphere services`: processes of this installation in the background. What systemd or compose has started is
//! shown, and left to them.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use std::os::unix::process::CommandExt;

use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use serde_json::{Value, json};

use super::logs;
use super::serve::{is_running, running};
use crate::arguments::{ServerRole, Services};
use crate::config::Settings;
use crate::failure::Failure;
use crate::output;
use crate::private;
use crate::remote::server::text;
use crate::telemetry::FOLDER;

/// One process that does everything.
const WHOLE: &str = "server";
/// Where the ids of processes lie, in the data folder.
pub const PIDS: &str = "services";
/// How long a process may take until it serves, and until it has ended.
const START_LIMIT: Duration = Duration::from_mins(2);
const STOP_LIMIT: Duration = Duration::from_mins(1);
const LOOK: Duration = Duration::from_millis(50);

pub async fn run(settings: &Settings, command: Services, json: bool) -> Result<(), Failure> {
    match command {
        Services::Start { names } => start(settings, &names).await?,
        Services::Stop { names } => {
            stop(settings, &named(settings, &names)?).await?;
        }
        Services::Restart { names } => {
            let mut names = named(settings, &names)?;
            if names.is_empty() {
                names.push(WHOLE.to_owned());
            }
            stop(settings, &names).await?;
            for name in &names {
                start_one(settings, name).await?;
            }
        }
        Services::Logs(asked) => return logs::run(settings, &asked, json).await,
        Services::Status => {}
    }
    status(settings, json);
    Ok(())
}

/// The processes that are named, else those that were started here.
fn named(settings: &Settings, names: &[String]) -> Result<Vec<String>, Failure> {
    let known = |name: &str| name == WHOLE || roles_of(name).is_some();
    if let Some(other) = names.iter().find(|name| !known(name)) {
        let roles: Vec<&str> = ServerRole::ALL.iter().map(|role| role.name()).collect();
        return Err(Failure::NotFound(format!(
            "there is no service {other}; there are {WHOLE}, {}",
            roles.join(", ")
        )));
    }
    if !names.is_empty() {
        return Ok(names.to_vec());
    }
    let entries = std::fs::read_dir(settings.file(PIDS)).into_iter().flatten();
    let mut started: Vec<String> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            name.strip_suffix(".pid").map(str::to_owned)
        })
        .filter(|name| pid(settings, name).is_some())
        .collect();
    started.sort();
    Ok(started)
}

fn roles_of(name: &str) -> Option<ServerRole> {
    ServerRole::ALL.into_iter().find(|role| role.name() == name)
}

async fn start(settings: &Settings, roles: &[ServerRole]) -> Result<(), Failure> {
    if roles.is_empty() {
        return start_one(settings, WHOLE).await;
    }
    for role in roles {
        start_one(settings, role.name()).await?;
    }
    Ok(())
}

async fn start_one(settings: &Settings, name: &str) -> Result<(), Failure> {
    let roles = roles_of(name).map_or(ServerRole::ALL.to_vec(), |role| vec![role]);
    if let Some(taken) = roles
        .iter()
        .find(|role| is_running(&settings.data_dir, **role))
    {
        output::talk(&format!("{} runs already", taken.name()));
        return Ok(());
    }
    let out = settings.file(FOLDER).join(format!("{name}.out"));
    for folder in [settings.file(FOLDER), settings.file(PIDS)] {
        private::make_folder(&folder)?;
    }
    // The link with which the first administrator signs in stands in it.
    let said = private::make_again(&out)?;
    let mut command = Command::new(std::env::current_exe()?);
    command
        .arg("serve")
        .arg("--data-dir")
        .arg(&settings.data_dir);
    if settings.file.exists() {
        command.arg("--config").arg(&settings.file);
    }
    if let Some(bin) = &settings.postgres_bin {
        command.arg("--postgres-bin").arg(bin);
    }
    if let Some(role) = roles_of(name) {
        command.args(["--role", role.name()]);
        if role != ServerRole::Api {
            // Each wants a place of its own to say how it is.
            command.args(["--admin-listen", "127.0.0.1:0"]);
        }
    }
    let child = command
        .stdin(Stdio::null())
        .stdout(said.try_clone()?)
        .stderr(said)
        // The terminal's Ctrl-C is not for it.
        .process_group(0)
        .spawn()?;
    private::write(&pid_file(settings, name), &child.id().to_string())?;
    serves(settings, name, child, &out).await
}

/// Waits until a process that was started serves, or says why it does not.
async fn serves(
    settings: &Settings,
    name: &str,
    mut child: Child,
    out: &Path,
) -> Result<(), Failure> {
    let begun = Instant::now();
    while !is_up(settings, name).await {
        let ended = child.try_wait()?.is_some();
        if ended || begun.elapsed() > START_LIMIT {
            let said = std::fs::read_to_string(out).unwrap_or_default();
            let last = said.lines().rfind(|line| !line.trim().is_empty());
            return Err(Failure::Unavailable(format!(
                "{name} does not serve: {}",
                last.unwrap_or("it says nothing")
            )));
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}

async fn is_up(settings: &Settings, name: &str) -> bool {
    let role = roles_of(name).unwrap_or(ServerRole::Api);
    if role != ServerRole::Api {
        return is_running(&settings.data_dir, role);
    }
    let Some(url) = running(&settings.data_dir) else {
        return false;
    };
    let asked = reqwest::get(format!("{url}/readyz")).await;
    asked.is_ok_and(|answer| answer.status().is_success())
}

async fn stop(settings: &Settings, names: &[String]) -> Result<(), Failure> {
    for name in names {
        let role = roles_of(name).unwrap_or(ServerRole::Api);
        let Some(pid) = pid(settings, name) else {
            if is_running(&settings.data_dir, role) {
                return Err(Failure::Conflict(format!(
                    "{name} runs, and was not started by `convosphere services`: stop it where it was started"
                )));
            }
            continue;
        };
        // It may have ended by itself meanwhile: that is what was asked for.
        let _ = kill_process(pid, Signal::TERM);
        let begun = Instant::now();
        while test_kill_process(pid).is_ok() && is_running(&settings.data_dir, role) {
            if begun.elapsed() > STOP_LIMIT {
                return Err(Failure::Unavailable(format!(
                    "{name} (process {}) has not ended within a minute",
                    pid.as_raw_nonzero()
                )));
            }
            tokio::time::sleep(LOOK).await;
        }
        let _ = std::fs::remove_file(pid_file(settings, name));
    }
    Ok(())
}

fn pid_file(settings: &Settings, name: &str) -> PathBuf {
    settings.file(PIDS).join(format!("{name}.pid"))
}

/// The process that was started as a service, where it lives and does what it is there for: an id alone may have gone to
/// somebody else by now.
fn pid(settings: &Settings, name: &str) -> Option<Pid> {
    let role = roles_of(name).unwrap_or(ServerRole::Api);
    let text = std::fs::read_to_string(pid_file(settings, name)).ok()?;
    let pid = Pid::from_raw(text.trim().parse().ok()?)?;
    (test_kill_process(pid).is_ok() && is_running(&settings.data_dir, role)).then_some(pid)
}

fn status(settings: &Settings, json: bool) {
    let whole = pid(settings, WHOLE);
    for role in ServerRole::ALL {
        let runs = is_running(&settings.data_dir, role);
        let own = pid(settings, role.name()).or(whole).filter(|_| runs);
        let url = running(&settings.data_dir).filter(|_| role == ServerRole::Api);
        show(
            &json!({
                "name": role.name(), "state": state(runs), "pid": own.map(|pid| pid.as_raw_nonzero().get()), "url": url,
                "started_by": runs.then(|| if own.is_some() { "services" } else { "others" }),
            }),
            json,
        );
    }
    let database = match settings.database_url {
        Some(_) => "external",
        None => state(
            settings
                .file("postgres")
                .join("pgdata/postmaster.pid")
                .exists(),
        ),
    };
    show(&json!({"name": "postgres", "state": database}), json);
    let nats = match settings.nats_url {
        Some(_) => "external",
        None => "none",
    };
    show(&json!({"name": "nats", "state": nats}), json);
}

fn state(runs: bool) -> &'static str {
    match runs {
        true => "running",
        false => "stopped",
    }
}

fn show(service: &Value, json: bool) {
    if json {
        return output::data(&service.to_string());
    }
    let pid = service["pid"]
        .as_i64()
        .map_or_else(String::new, |pid| pid.to_string());
    let line = format!(
        "{:<10} {:<9} {pid:<8} {}",
        text(service, "name"),
        text(service, "state"),
        text(service, "url")
    );
    output::data(line.trim_end());
}
