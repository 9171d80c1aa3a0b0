//! Runs the program in a temporary folder.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

pub const TIME_LIMIT: Duration = Duration::from_mins(1);

/// An installation in a temporary folder, with the private cluster or a database of the test cluster.
pub struct Installation {
    folder: tempfile::TempDir,
    database_url: Option<String>,
    /// Additional environment variables of every process.
    variables: Vec<(String, String)>,
}

impl Installation {
    /// With a private cluster.
    pub fn private() -> Self {
        Self::new(None)
    }

    /// With a database of the test cluster.
    pub fn external() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        Self::new(Some(runtime.block_on(testing::database_url())))
    }

    fn new(database_url: Option<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // The program must still have access to the folder after it drops root privileges.
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        Self {
            folder,
            database_url,
            variables: vec![],
        }
    }

    /// Sets an environment variable for every process started afterwards.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The URL of the external database.
    pub fn database_url(&self) -> &str {
        self.database_url.as_deref().unwrap()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        self.command_in(&self.data_dir(), arguments)
    }

    pub fn command_in(&self, data_dir: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_convosphere"));
        command
            .args(arguments)
            .arg("--data-dir")
            .arg(data_dir)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(self.variables.iter().cloned())
            .stdin(Stdio::null());
        if let Some(url) = &self.database_url {
            command.env("DATABASE_URL", url);
        }
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Output {
        with_input(self.command(arguments), input)
    }

    /// Creates the administrator ada@example.org.
    pub fn create_admin(&self, password: &str) {
        let create = [
            "users",
            "create",
            "ada@example.org",
            "--name",
            "Ada",
            "--role",
            "admin",
            "--password-stdin",
        ];
        ok(&self.run_with_input(&create, password));
    }

    /// Starts the server on a free port and waits until it answers.
    pub fn serve(&self) -> Server {
        self.start(
            self.command(&["serve", "--listen", "127.0.0.1:0"]),
            &self.data_dir(),
        )
    }

    /// Starts a process with the given roles and a separate data folder, which uses the master key of this installation.
    pub fn node(&self, name: &str, roles: &[&str], nats_url: &str) -> Server {
        let data_dir = self.folder.path().join(name);
        let mut arguments = vec!["serve", "--listen", "127.0.0.1:0"];
        arguments.extend(["--admin-listen", "127.0.0.1:0"]);
        for role in roles {
            arguments.extend(["--role", role]);
        }
        let mut command = self.command_in(&data_dir, &arguments);
        command.env("NATS_URL", nats_url).env(
            "CONVOSPHERE_MASTER_KEY__FILE",
            self.data_dir().join("master.key"),
        );
        if roles.contains(&"api") {
            self.start(command, &data_dir)
        } else {
            self.spawn(command, &data_dir)
        }
    }

    pub fn spawn(&self, mut command: Command, data_dir: &Path) -> Server {
        let name = data_dir.file_name().unwrap().display();
        let log = self.folder.path().join(format!("{name}.log"));
        let child = command
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        Server {
            child,
            url: String::new(),
            log,
        }
    }

    fn start(&self, command: Command, data_dir: &Path) -> Server {
        let file = data_dir.join("serve.url");
        let _ = std::fs::remove_file(&file);
        let mut server = self.spawn(command, data_dir);
        let started = Instant::now();
        while server.url.is_empty() {
            assert!(started.elapsed() < TIME_LIMIT, "{}", server.output());
            if let Some(status) = server.child.try_wait().unwrap() {
                panic!("{status}: {}", server.output());
            }
            server.url = std::fs::read_to_string(&file).unwrap_or_default();
            std::thread::yield_now();
        }
        server
    }
}

/// A running server; killed when dropped.
pub struct Server {
    child: Child,
    pub url: String,
    log: PathBuf,
}

impl Server {
    /// Its output so far.
    pub fn output(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Its peak memory so far, in bytes.
    pub fn peak_memory(&self) -> u64 {
        let status = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(status).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = peak.unwrap().trim().trim_end_matches(" kB");
        kib.parse::<u64>().unwrap() * 1024
    }

    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends SIGTERM and waits until it has stopped.
    pub fn stop(mut self) -> std::process::ExitStatus {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
        self.child.wait().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a command with the given standard input.
pub fn with_input(mut command: Command, input: &str) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Asserts success and returns standard output.
pub fn ok(output: &Output) -> String {
    assert!(
        output.status.success(),
        "{}: {}",
        output.status,
        stderr(output)
    );
    stdout(output)
}

/// The number of processes whose command line contains the path.
pub fn processes(text: &Path) -> usize {
    let text = text.display().to_string();
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    entries
        .filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok())
        .filter(|line| String::from_utf8_lossy(line).contains(&text))
        .count()
}
