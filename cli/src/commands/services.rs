//! `convosphere services`: background processes of this installation. Processes that systemd or compose started are only
//! listed.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use std::os::unix::process::CommandExt;

use application::Role;
use clap::Subcommand;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use serde_json::{Value, json};

use super::logs;
use super::serve::role_parser;
use crate::config::Settings;
use crate::data_folder::PID_FOLDER;
use crate::failure::Failure;
use crate::output;
use crate::private_files;
use crate::role_locks::{is_running, server_url};
use crate::telemetry::LOG_FOLDER;

/// The name of a process with all roles.
const SERVER: &str = "server";
/// How long a process may take to become ready, and to stop.
const START_LIMIT: Duration = Duration::from_mins(2);
const STOP_LIMIT: Duration = Duration::from_mins(1);
const POLL_INTERVAL: Duration = Duration::from_millis(50);

#[derive(Debug, Subcommand)]
pub enum Services {
    /// Starts background processes: one with all roles, or one for each given role.
    Start {
        #[arg(value_parser = role_parser())]
        names: Vec<Role>,
    },
    /// Stops the background processes, or only the given ones.
    Stop { names: Vec<String> },
    /// Lists the processes and their state.
    Status,
    /// Restarts the running processes, or only the given ones.
    Restart { names: Vec<String> },
    /// Shows the logs of the processes.
    Logs(logs::Logs),
}

impl Services {
    pub async fn run(self, settings: &Settings, json: bool) -> Result<(), Failure> {
        match self {
            Self::Start { names } => start(settings, &names).await?,
            Self::Stop { names } => {
                stop(settings, &resolve_names(settings, &names)?).await?;
            }
            Self::Restart { names } => {
                let mut names = resolve_names(settings, &names)?;
                if names.is_empty() {
                    names.push(SERVER.to_owned());
                }
                stop(settings, &names).await?;
                for name in &names {
                    start_one(settings, name).await?;
                }
            }
            Self::Logs(options) => return logs::run(settings, &options, json).await,
            Self::Status => {}
        }
        status(settings, json);
        Ok(())
    }
}

/// The given processes, or all that `services start` started.
fn resolve_names(settings: &Settings, names: &[String]) -> Result<Vec<String>, Failure> {
    let exists = |name: &str| name == SERVER || find_role(name).is_some();
    if let Some(unknown) = names.iter().find(|name| !exists(name)) {
        let roles: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
        return Err(Failure::NotFound(format!(
            "there is no service {unknown}; available services: {SERVER}, {}",
            roles.join(", ")
        )));
    }
    if !names.is_empty() {
        return Ok(names.to_vec());
    }
    let entries = std::fs::read_dir(settings.file(PID_FOLDER))
        .into_iter()
        .flatten();
    let mut started: Vec<String> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            name.strip_suffix(".pid").map(str::to_owned)
        })
        .filter(|name| find_process(settings, name).is_some())
        .collect();
    started.sort();
    Ok(started)
}

fn find_role(name: &str) -> Option<Role> {
    Role::ALL.into_iter().find(|role| role.name() == name)
}

async fn start(settings: &Settings, roles: &[Role]) -> Result<(), Failure> {
    if roles.is_empty() {
        return start_one(settings, SERVER).await;
    }
    for role in roles {
        start_one(settings, role.name()).await?;
    }
    Ok(())
}

async fn start_one(settings: &Settings, name: &str) -> Result<(), Failure> {
    let roles = find_role(name).map_or(Role::ALL.to_vec(), |role| vec![role]);
    if let Some(role) = roles
        .iter()
        .find(|role| is_running(&settings.data_dir, **role))
    {
        output::print_message(&format!("{} is already running", role.name()));
        return Ok(());
    }
    let output_path = settings.file(LOG_FOLDER).join(format!("{name}.out"));
    for folder in [settings.file(LOG_FOLDER), settings.file(PID_FOLDER)] {
        private_files::create_folder(&folder)?;
    }
    // Private, because it contains the set-up token.
    let output = private_files::recreate(&output_path)?;
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
    if let Some(role) = find_role(name) {
        command.args(["--role", role.name()]);
        if role != Role::Api {
            // Each process needs its own port for metrics and health checks.
            command.args(["--admin-listen", "127.0.0.1:0"]);
        }
    }
    let child = command
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        // Ctrl-C in the terminal must not reach it.
        .process_group(0)
        .spawn()?;
    private_files::write(&pid_file(settings, name), &child.id().to_string())?;
    wait_until_ready(settings, name, child, &output_path).await
}

/// Waits until a started process is ready; fails with its last line of output if it is not.
async fn wait_until_ready(
    settings: &Settings,
    name: &str,
    mut child: Child,
    output_path: &Path,
) -> Result<(), Failure> {
    let started = Instant::now();
    while !is_ready(settings, name).await {
        let has_ended = child.try_wait()?.is_some();
        if has_ended || started.elapsed() > START_LIMIT {
            let output = std::fs::read_to_string(output_path).unwrap_or_default();
            let last_line = output.lines().rfind(|line| !line.trim().is_empty());
            return Err(Failure::Unavailable(format!(
                "{name} did not start: {}",
                last_line.unwrap_or("it printed no reason")
            )));
        }
        tokio::time::sleep(POLL_INTERVAL).await;
    }
    Ok(())
}

async fn is_ready(settings: &Settings, name: &str) -> bool {
    let role = find_role(name).unwrap_or(Role::Api);
    if role != Role::Api {
        return is_running(&settings.data_dir, role);
    }
    let Some(url) = server_url(&settings.data_dir) else {
        return false;
    };
    let response = reqwest::get(format!("{url}/readyz")).await;
    response.is_ok_and(|response| response.status().is_success())
}

async fn stop(settings: &Settings, names: &[String]) -> Result<(), Failure> {
    for name in names {
        let role = find_role(name).unwrap_or(Role::Api);
        let Some(pid) = find_process(settings, name) else {
            if is_running(&settings.data_dir, role) {
                return Err(Failure::Conflict(format!(
                    "{name} was not started by `convosphere services`; stop it where it was started"
                )));
            }
            continue;
        };
        // An error means that it has ended already.
        let _ = kill_process(pid, Signal::TERM);
        let started = Instant::now();
        while test_kill_process(pid).is_ok() && is_running(&settings.data_dir, role) {
            if started.elapsed() > STOP_LIMIT {
                return Err(Failure::Unavailable(format!(
                    "{name} (process {}) did not stop within a minute",
                    pid.as_raw_nonzero()
                )));
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
        let _ = std::fs::remove_file(pid_file(settings, name));
    }
    Ok(())
}

fn pid_file(settings: &Settings, name: &str) -> PathBuf {
    settings.file(PID_FOLDER).join(format!("{name}.pid"))
}

/// The process that was started as a service, if it still runs. Its role must be locked, because the process id alone may
/// belong to another process by now.
fn find_process(settings: &Settings, name: &str) -> Option<Pid> {
    let role = find_role(name).unwrap_or(Role::Api);
    let text = std::fs::read_to_string(pid_file(settings, name)).ok()?;
    let pid = Pid::from_raw(text.trim().parse().ok()?)?;
    (test_kill_process(pid).is_ok() && is_running(&settings.data_dir, role)).then_some(pid)
}

fn status(settings: &Settings, json: bool) {
    let server = find_process(settings, SERVER);
    for role in Role::ALL {
        let is_running = is_running(&settings.data_dir, role);
        let process = find_process(settings, role.name())
            .or(server)
            .filter(|_| is_running);
        let url = server_url(&settings.data_dir).filter(|_| role == Role::Api);
        let started_by = match process {
            Some(_) => "services",
            None => "others",
        };
        show(
            &json!({
                "name": role.name(), "state": state(is_running), "url": url,
                "pid": process.map(|pid| pid.as_raw_nonzero().get()),
                "started_by": is_running.then_some(started_by),
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

fn state(is_running: bool) -> &'static str {
    match is_running {
        true => "running",
        false => "stopped",
    }
}

fn show(service: &Value, json: bool) {
    if json {
        return output::print_data(&service.to_string());
    }
    let pid = service["pid"]
        .as_i64()
        .map_or_else(String::new, |pid| pid.to_string());
    let text = |name: &str| service[name].as_str().unwrap_or_default();
    let line = format!(
        "{:<10} {:<9} {pid:<8} {}",
        text("name"),
        text("state"),
        text("url")
    );
    output::print_data(line.trim_end());
}
