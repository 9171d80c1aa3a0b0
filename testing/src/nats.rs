//! A real nats-server of a test's own, on a port that was free.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

const PATIENCE: Duration = Duration::from_secs(30);

/// A running server with `JetStream`; killed when dropped.
#[derive(Debug)]
pub struct NatsServer {
    folder: tempfile::TempDir,
    child: Child,
    port: u16,
}

impl Default for NatsServer {
    fn default() -> Self {
        Self::start()
    }
}

impl NatsServer {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the NATS server");
        let child = spawn(folder.path(), None);
        let mut server = Self {
            folder,
            child,
            port: 0,
        };
        server.port = server.bound();
        server
    }

    /// Waits until it listens, and tells where.
    fn bound(&self) -> u16 {
        let ports = self.folder.path().join("ports");
        let begun = Instant::now();
        loop {
            if let Some(port) = told(&ports) {
                return port;
            }
            assert!(begun.elapsed() < PATIENCE, "nats-server does not start");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    pub fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Starts it again on the same port, with what it has stored.
    pub fn restart(&mut self) {
        self.stop();
        self.child = spawn(self.folder.path(), Some(self.port));
        self.bound();
    }

    /// Starts it again on the same port, with nothing.
    pub fn lose_everything(&mut self) {
        self.stop();
        let _ = std::fs::remove_dir_all(self.folder.path().join("store"));
        self.restart();
    }
}

impl Drop for NatsServer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn program() -> PathBuf {
    let fetched = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../.tools/nats/nats-server"
    ));
    if fetched.exists() {
        fetched
    } else {
        PathBuf::from("nats-server")
    }
}

fn spawn(folder: &Path, port: Option<u16>) -> Child {
    let ports = folder.join("ports");
    let _ = std::fs::remove_dir_all(&ports);
    std::fs::create_dir_all(&ports).expect("a folder for the NATS server");
    let wanted = port.map_or_else(|| "-1".to_owned(), |port| port.to_string());
    Command::new(program())
        .args(["--jetstream", "--addr", "127.0.0.1", "--port", &wanted])
        .arg("--store_dir")
        .arg(folder.join("store"))
        .arg("--ports_file_dir")
        .arg(&ports)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("nats-server: `make ready` fetches it")
}

/// The port in the file that the server has written.
fn told(ports: &Path) -> Option<u16> {
    let file = std::fs::read_dir(ports).ok()?.flatten().next()?;
    let text = std::fs::read_to_string(file.path()).ok()?;
    let told: Value = serde_json::from_str(&text).ok()?;
    told["nats"][0].as_str()?.rsplit(':').next()?.parse().ok()
}
