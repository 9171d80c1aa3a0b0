//! initdb, start and stop of the server process.

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::fs::OFlags;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use crate::binaries::Binaries;
use crate::error::Error;
use crate::identity::{Identity, current_user_name};

const START_LIMIT: Duration = Duration::from_secs(30);
const RETRY_LIMIT: Duration = Duration::from_secs(10);
const STOP_LIMIT: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(15);
/// The database role, the superuser of the private cluster.
const ROLE: &str = "convosphere";

#[derive(Debug)]
pub(crate) struct Server {
    pub binaries: Binaries,
    pub data: PathBuf,
    pub sockets: PathBuf,
    pub log: PathBuf,
    pub run_as: Option<Identity>,
    pub settings: Vec<String>,
}

impl Server {
    /// Creates the cluster under a temporary name and renames it, so that a killed initdb leaves no partial cluster.
    pub(crate) fn initialise(&self) -> Result<(), Error> {
        let unfinished = self.data.with_extension("unfinished");
        if unfinished.exists() {
            std::fs::remove_dir_all(&unfinished).map_err(Error::io(&unfinished))?;
        }
        let mut failure = String::new();
        for locale in [Some("C.UTF-8"), Some("C.utf8"), Some("en_US.UTF-8"), None] {
            match self.initdb(&unfinished, locale) {
                Ok(()) => {
                    if locale.is_none() {
                        tracing::warn!(
                            "no UTF-8 locale found; search will not treat letters such as Ä as letters; install one"
                        );
                    }
                    return std::fs::rename(&unfinished, &self.data).map_err(Error::io(&self.data));
                }
                Err(detail) => failure = detail,
            }
            if unfinished.exists() {
                std::fs::remove_dir_all(&unfinished).map_err(Error::io(&unfinished))?;
            }
        }
        Err(Error::Command {
            command: "initdb".into(),
            detail: failure,
        })
    }

    fn initdb(&self, folder: &Path, locale: Option<&str>) -> Result<(), String> {
        let mut command = self.command("initdb");
        command
            .args([
                "--encoding=UTF8",
                "--no-locale",
                "--no-instructions",
                "--auth=peer",
            ])
            .arg(format!("--username={ROLE}"))
            .arg("--pgdata")
            .arg(folder);
        if let Some(locale) = locale {
            command.arg(format!("--lc-ctype={locale}"));
        }
        let output = command.output().map_err(|error| error.to_string())?;
        if output.status.success() {
            return Ok(());
        }
        Err(last_line(&String::from_utf8_lossy(&output.stderr)))
    }

    /// Starts the server and waits until it accepts connections. After a killed postmaster its backends must end first,
    /// so a failed start is retried for a while.
    pub(crate) fn start(&self) -> Result<Child, Error> {
        self.write_access()?;
        let started = Instant::now();
        loop {
            let mut child = self.spawn()?;
            match self.wait_ready(&mut child) {
                Ok(()) => return Ok(child),
                Err(error) if started.elapsed() > RETRY_LIMIT => return Err(error),
                Err(_) => std::thread::sleep(Duration::from_millis(200)),
            }
        }
    }

    /// Peer authentication for exactly the users of this installation: no other user of the machine can connect, even
    /// if the socket's folder is opened by mistake.
    fn write_access(&self) -> Result<(), Error> {
        let mut users = vec![current_user_name()];
        users.extend(self.run_as.iter().map(|identity| identity.name.clone()));
        users.dedup();
        let map: String = users
            .iter()
            .map(|user| format!("installation \"{user}\" {ROLE}\n"))
            .collect();
        self.write("pg_ident.conf", &map)?;
        self.write("pg_hba.conf", "local all all peer map=installation\n")
    }

    fn write(&self, name: &str, text: &str) -> Result<(), Error> {
        let path = self.data.join(name);
        // Root writes for another user here: do not follow links that the user has planted.
        let no_link = i32::try_from(OFlags::NOFOLLOW.bits()).unwrap_or(0);
        let mut options = File::options();
        let file = options
            .write(true)
            .create(true)
            .truncate(true)
            .custom_flags(no_link);
        let mut file = file.open(&path).map_err(Error::io(&path))?;
        file.write_all(text.as_bytes()).map_err(Error::io(&path))
    }

    fn spawn(&self) -> Result<Child, Error> {
        let log = File::options()
            .create(true)
            .append(true)
            .open(&self.log)
            .map_err(Error::io(&self.log))?;
        std::fs::set_permissions(&self.log, std::fs::Permissions::from_mode(0o600))
            .map_err(Error::io(&self.log))?;
        let errors = log.try_clone().map_err(Error::io(&self.log))?;
        let mut command = self.command("postgres");
        command
            .arg("-D")
            .arg(&self.data)
            .arg("-k")
            .arg(&self.sockets)
            .args([
                "-c",
                "listen_addresses=",
                "-c",
                "unix_socket_permissions=0700",
            ])
            .args([
                "-c",
                "port=5432",
                "-c",
                "max_connections=120",
                "-c",
                "synchronous_commit=on",
            ])
            .args([
                "-c",
                "timezone=UTC",
                "-c",
                "log_timezone=UTC",
                "-c",
                "max_wal_size=2GB",
            ])
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            // A separate process group: Ctrl-C in the terminal goes to our process, which then stops the server.
            .process_group(0);
        for setting in &self.settings {
            command.arg("-c").arg(setting);
        }
        command
            .spawn()
            .map_err(Error::io(&self.binaries.program("postgres")))
    }

    fn wait_ready(&self, child: &mut Child) -> Result<(), Error> {
        let started = Instant::now();
        while started.elapsed() < START_LIMIT {
            if self.is_ready() {
                return Ok(());
            }
            if child.try_wait().map_err(Error::io(&self.data))?.is_some() {
                return Err(self.not_ready(started.elapsed()));
            }
            std::thread::sleep(PAUSE);
        }
        let _ = child.kill();
        let _ = child.wait();
        Err(self.not_ready(START_LIMIT))
    }

    fn not_ready(&self, waited: Duration) -> Error {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        Error::NotReady {
            seconds: waited.as_secs(),
            log: self.log.clone(),
            detail: last_line(&text),
        }
    }

    /// Whether the process of the pid file is alive; cheap to call.
    pub(crate) fn is_alive(&self) -> bool {
        self.pid_file().is_some_and(|file| {
            file.status.as_deref() == Some("ready") && test_kill_process(file.pid).is_ok()
        })
    }

    /// Whether a server of this data folder lives, says in its pid file that it is ready, and answers.
    pub(crate) fn is_ready(&self) -> bool {
        let Some(file) = self.pid_file() else {
            return false;
        };
        // A pid may have been reused after a power loss: only a server that answers on the socket counts.
        file.status.as_deref() == Some("ready")
            && test_kill_process(file.pid).is_ok()
            && UnixStream::connect(self.sockets.join(".s.PGSQL.5432")).is_ok()
    }

    fn pid_file(&self) -> Option<PidFile> {
        PidFile::parse(&std::fs::read_to_string(self.data.join("postmaster.pid")).ok()?)
    }

    /// Ends the server in its fast mode: open transactions are rolled back, everything acknowledged is kept.
    pub(crate) fn stop(&self, child: Option<&mut Child>) -> Result<(), Error> {
        if self.is_ready()
            && let Some(file) = self.pid_file()
        {
            // It may have ended by itself meanwhile, which is fine.
            let _ = kill_process(file.pid, Signal::INT);
        }
        let started = Instant::now();
        if let Some(child) = child {
            while child.try_wait().map_err(Error::io(&self.data))?.is_none() {
                if started.elapsed() > STOP_LIMIT {
                    let _ = child.kill();
                }
                std::thread::sleep(PAUSE);
            }
        }
        while self.data.join("postmaster.pid").exists() && started.elapsed() < STOP_LIMIT {
            std::thread::sleep(PAUSE);
        }
        Ok(())
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(self.binaries.program(name));
        // A forwarded LANG whose locale is not generated makes initdb fail.
        command.env_clear().env("LC_ALL", "C");
        for variable in ["PATH", "LD_LIBRARY_PATH"] {
            if let Some(value) = std::env::var_os(variable) {
                command.env(variable, value);
            }
        }
        if let Some(parent) = self.data.parent() {
            command.current_dir(parent);
        }
        if let Some(identity) = &self.run_as {
            command.uid(identity.uid).gid(identity.gid);
        }
        command
    }
}

/// The socket folder of the current or last server of a data folder.
pub(crate) fn running_sockets(data: &Path) -> Option<PathBuf> {
    PidFile::parse(&std::fs::read_to_string(data.join("postmaster.pid")).ok()?)?.sockets
}

struct PidFile {
    pid: Pid,
    sockets: Option<PathBuf>,
    status: Option<String>,
}

impl PidFile {
    /// Line 1 is the process id, line 5 the folder of the socket, line 8 the status (since `PostgreSQL` 10).
    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let pid = Pid::from_raw(lines.next()?.trim().parse().ok()?)?;
        let sockets = lines.nth(3).map(str::trim).filter(|line| !line.is_empty());
        let status = lines.nth(2).map(|line| line.trim().to_owned());
        Some(Self {
            pid,
            sockets: sockets.map(PathBuf::from),
            status,
        })
    }
}

fn last_line(text: &str) -> String {
    text.lines()
        .rfind(|line| !line.trim().is_empty())
        .unwrap_or("nothing")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pid_file_yields_process_and_status() {
        let text = "4711\n/data\n1700000000\n5432\n/run\n\n  5432001  0\nready   \n";
        let file = PidFile::parse(text).unwrap();
        assert_eq!(file.pid.as_raw_nonzero().get(), 4711);
        assert_eq!(file.sockets.as_deref(), Some(Path::new("/run")));
        assert_eq!(file.status.as_deref(), Some("ready"));
    }

    #[test]
    fn a_pid_file_that_is_being_written_has_no_status() {
        assert_eq!(PidFile::parse("4711\n/data\n").unwrap().status, None);
        assert!(PidFile::parse("").is_none());
    }
}
