//! The release binary with a private cluster, in a temporary folder.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::{Value, json};

const PASSWORD: &str = "a long enough password";

/// A running server and a signed-in user.
pub(crate) struct Server {
    folder: tempfile::TempDir,
    child: Child,
    pub address: String,
    pub token: String,
    pub http: reqwest::Client,
    /// From the start of the process until it was ready.
    pub first_start: Duration,
    pub second_start: Duration,
}

impl Server {
    /// Starts the server twice: the first start creates the cluster. `allow` is the allowed provider address.
    pub(crate) async fn start(allow: &str) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        // The program must still have access to the folder after it drops root privileges.
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(folder.path(), mode)?;
        let http = reqwest::Client::new();
        let started = Instant::now();
        let (mut child, address) = spawn(folder.path(), allow)?;
        wait_until_ready(&http, &address).await?;
        let first_start = started.elapsed();
        stop(&mut child)?;
        let started = Instant::now();
        let (child, address) = spawn(folder.path(), allow)?;
        wait_until_ready(&http, &address).await?;
        let mut server = Self {
            folder,
            child,
            address,
            token: String::new(),
            http,
            first_start,
            second_start: started.elapsed(),
        };
        server.log_in().await?;
        Ok(server)
    }

    async fn log_in(&mut self) -> anyhow::Result<()> {
        let mut create = Command::new(binary()?)
            .args(["users", "create", "bench@example.org", "--name", "Bench"])
            .args(["--role", "admin", "--password-stdin", "--data-dir"])
            .arg(self.folder.path().join("data"))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()?;

        let mut input = create.stdin.take().context("a pipe")?;
        std::io::Write::write_all(&mut input, PASSWORD.as_bytes())?;
        drop(input);
        if !create.wait()?.success() {
            bail!("cannot create a user");
        }
        let login = json!({"email": "bench@example.org", "password": PASSWORD});
        let session = self.post("/auth/login", &login).await?;
        session["access_token"]
            .as_str()
            .context("a token")?
            .clone_into(&mut self.token);
        Ok(())
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}/api/v1{path}", self.address)
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let call = self.http.post(self.url(path)).json(body);
        let answer = call.bearer_auth(&self.token).send().await?;
        let status = answer.status();
        let body: Value = answer.json().await?;
        if !status.is_success() {
            bail!("{path}: {status} {body}");
        }
        Ok(body)
    }

    pub(crate) async fn get(&self, path: &str) -> anyhow::Result<Value> {
        let call = self.http.get(self.url(path)).bearer_auth(&self.token);
        Ok(call.send().await?.error_for_status()?.json().await?)
    }

    /// Uploads a file.
    pub(crate) async fn upload(&self, path: &str, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let (kind, body) = testing::multipart(name, bytes);
        let call = self.http.post(self.url(path)).bearer_auth(&self.token);
        let sent = call.header("Content-Type", kind).body(body).send().await?;
        sent.error_for_status()?;
        Ok(())
    }

    /// Memory (PSS) of the server alone and with its cluster, in MiB.
    pub(crate) fn memory(&self) -> anyhow::Result<(f64, f64)> {
        let own = pss(self.child.id())?;
        let mut cluster = 0.0;
        for entry in std::fs::read_dir("/proc")?.flatten() {
            let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>() else {
                continue;
            };
            let Ok(name) = std::fs::read_to_string(entry.path().join("comm")) else {
                continue;
            };
            let folder = std::fs::read_link(entry.path().join("cwd"));
            if name.starts_with("postgres")
                && folder.is_ok_and(|at| at.starts_with(self.folder.path()))
            {
                cluster += pss(pid).unwrap_or(0.0);
            }
        }
        Ok((own, own + cluster))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // An error does not matter: the folder is removed next.
        let _ = stop(&mut self.child);
    }
}

fn pss(pid: u32) -> anyhow::Result<f64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kib: f64 = line
        .and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .context("no Pss in smaps_rollup")?;
    Ok(kib / 1024.0)
}

fn binary() -> anyhow::Result<PathBuf> {
    let binary = std::env::current_exe()?.with_file_name("convosphere");
    if !binary.exists() {
        bail!("{} is missing; `make bench` builds it", binary.display());
    }
    Ok(binary)
}

fn spawn(folder: &Path, allow: &str) -> anyhow::Result<(Child, String)> {
    let file = folder.join("data/serve.url");
    // Remove the file of the previous server.
    let _ = std::fs::remove_file(&file);
    let mut child = Command::new(binary()?)
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(folder.join("data"))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("CONVOSPHERE_RATE_LIMIT__ENABLED", "false")
        .env("CONVOSPHERE_EGRESS__ALLOW", allow)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    // The server writes its URL when it is ready.
    let deadline = Instant::now() + Duration::from_mins(1);
    loop {
        if let Ok(url) = std::fs::read_to_string(&file)
            && let Some(address) = url.trim().strip_prefix("http://")
        {
            return Ok((child, address.trim_end_matches('/').to_owned()));
        }
        if let Some(status) = child.try_wait()? {
            bail!("the server ended: {status}");
        }
        if Instant::now() > deadline {
            stop(&mut child)?;
            bail!("the server did not write its URL");
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn stop(child: &mut Child) -> anyhow::Result<()> {
    let pid = child.id().to_string();
    Command::new("kill").args(["-TERM", &pid]).status()?;
    child.wait()?;
    Ok(())
}

async fn wait_until_ready(http: &reqwest::Client, address: &str) -> anyhow::Result<()> {
    let deadline = Instant::now() + Duration::from_mins(1);
    while Instant::now() < deadline {
        let answer = http.get(format!("http://{address}/readyz")).send().await;
        if answer.is_ok_and(|answer| answer.status().is_success()) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    bail!("the server was not ready within a minute")
}
