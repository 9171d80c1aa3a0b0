//! The product as people run it: the release binary on a private cluster, in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::{Value, json};

const PASSWORD: &str = "a long enough password";

/// A running server and who uses it.
pub struct Server {
    folder: tempfile::TempDir,
    child: Child,
    pub address: String,
    pub token: String,
    pub http: reqwest::Client,
    /// From the start of the process until it answered.
    pub first_start: Duration,
    pub second_start: Duration,
}

impl Server {
    /// Starts it twice: the first start makes the cluster. `allow` is where providers may be.
    pub async fn start(allow: &str) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        // The program gives root up and must still reach its folder.
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(folder.path(), mode)?;
        let http = reqwest::Client::new();
        let begun = Instant::now();
        let (mut child, address) = spawn(folder.path(), allow)?;
        healthy(&http, &address).await?;
        let first_start = begun.elapsed();
        stop(&mut child)?;
        let begun = Instant::now();
        let (child, address) = spawn(folder.path(), allow)?;
        healthy(&http, &address).await?;
        let mut server = Self {
            folder,
            child,
            address,
            token: String::new(),
            http,
            first_start,
            second_start: begun.elapsed(),
        };
        server.log_in().await?;
        Ok(server)
    }

    async fn log_in(&mut self) -> anyhow::Result<()> {
        let create = Command::new(binary()?)
            .args(["users", "create", "bench@example.org", "--name", "Bench"])
            .args(["--role", "admin", "--password-stdin", "--data-dir"])
            .arg(self.folder.path().join("data"))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()?;
        let mut create = create;
        let mut input = create.stdin.take().context("a pipe")?;
        std::io::Write::write_all(&mut input, PASSWORD.as_bytes())?;
        drop(input);
        if !create.wait()?.success() {
            bail!("no user could be made");
        }
        let login = json!({"email": "bench@example.org", "password": PASSWORD});
        let session = self.post("/auth/login", &login).await?;
        session["access_token"]
            .as_str()
            .context("a token")?
            .clone_into(&mut self.token);
        Ok(())
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}/api/v1{path}", self.address)
    }

    pub async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let call = self.http.post(self.url(path)).json(body);
        let answer = call.bearer_auth(&self.token).send().await?;
        let status = answer.status();
        let body: Value = answer.json().await?;
        if !status.is_success() {
            bail!("{path}: {status} {body}");
        }
        Ok(body)
    }

    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        let call = self.http.get(self.url(path)).bearer_auth(&self.token);
        Ok(call.send().await?.error_for_status()?.json().await?)
    }

    /// Uploads a file.
    pub async fn upload(&self, path: &str, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let (kind, body) = testing::multipart(name, bytes);
        let call = self.http.post(self.url(path)).bearer_auth(&self.token);
        let sent = call.header("Content-Type", kind).body(body).send().await?;
        sent.error_for_status()?;
        Ok(())
    }

    /// Memory of its own and of its cluster, shared pages counted once, in MiB.
    pub fn memory(&self) -> anyhow::Result<(f64, f64)> {
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
        // The folder is removed next, whatever became of the process.
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
    let own = std::env::current_exe()?;
    let beside = own.with_file_name("convosphere");
    if !beside.exists() {
        bail!("{} is missing; `make bench` builds it", beside.display());
    }
    Ok(beside)
}

fn spawn(folder: &Path, allow: &str) -> anyhow::Result<(Child, String)> {
    let file = folder.join("data/serve.url");
    // The last server's is removed, so that it is not taken for this one's.
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
    // The server writes where it answers, once it does.
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
            bail!("the server did not say where it answers");
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

async fn healthy(http: &reqwest::Client, address: &str) -> anyhow::Result<()> {
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
