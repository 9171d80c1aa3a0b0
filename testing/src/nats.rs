//! Starts a nats-server on a free port.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

const START_LIMIT: Duration = Duration::from_secs(30);

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
        server.port = server.wait_for_port();
        server
    }

    /// Waits until the server listens and returns its port.
    fn wait_for_port(&self) -> u16 {
        let ports = self.folder.path().join("ports");
        let started = Instant::now();
        loop {
            if let Some(port) = read_port(&ports) {
                return port;
            }
            assert!(started.elapsed() < START_LIMIT, "nats-server did not start");
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

    /// Restarts the server on the same port with its data.
    pub fn restart(&mut self) {
        self.stop();
        self.child = spawn(self.folder.path(), Some(self.port));
        self.wait_for_port();
    }

    /// Restarts the server on the same port without data.
    pub fn restart_empty(&mut self) {
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
    let downloaded = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../.tools/nats/nats-server"
    ));
    if downloaded.exists() {
        downloaded
    } else {
        PathBuf::from("nats-server")
    }
}

fn spawn(folder: &Path, port: Option<u16>) -> Child {
    let ports = folder.join("ports");
    let _ = std::fs::remove_dir_all(&ports);
    std::fs::create_dir_all(&ports).expect("a folder for the NATS server");
    let port = port.map_or_else(|| "-1".to_owned(), |port| port.to_string());
    Command::new(program())
        .args(["--jetstream", "--addr", "127.0.0.1", "--port", &port])
        .arg("--store_dir")
        .arg(folder.join("store"))
        .arg("--ports_file_dir")
        .arg(&ports)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("nats-server, which `make ready` downloads")
}

/// Reads the port from the file that the server writes.
fn read_port(ports: &Path) -> Option<u16> {
    let file = std::fs::read_dir(ports).ok()?.flatten().next()?;
    let text = std::fs::read_to_string(file.path()).ok()?;
    let urls: Value = serde_json::from_str(&text).ok()?;
    urls["nats"][0].as_str()?.rsplit(':').next()?.parse().ok()
}
