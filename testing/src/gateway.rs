//! Servers of models that others have written: `scripts/fetch-gateway` installs them.

use std::fmt::Write;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The key that the gateway takes.
pub const GATEWAY_KEY: &str = "sk-of-these-tests-7f1d93c2aa41b0de";
/// They import half of the world before they listen.
const PATIENCE: Duration = Duration::from_mins(2);
const LOOK: Duration = Duration::from_millis(50);

/// A running server, killed when dropped.
#[derive(Debug)]
pub struct Gateway {
    pub port: u16,
    child: Child,
    _folder: tempfile::TempDir,
}

impl Gateway {
    /// `LiteLLM` in front of an OpenAI-compatible server: each of these models of it, in three languages.
    pub fn litellm(base_url: &str, api_key: &str, models: &[&str]) -> Self {
        let mut config = String::from("model_list:\n");
        for model in models {
            // Writing to a String cannot fail.
            let _ = write!(
                config,
                "  - model_name: {model}\n    litellm_params:\n      model: hosted_vllm/{model}\n      \
                 api_base: {base_url}\n      api_key: {api_key}\n"
            );
        }
        let _ = write!(
            config,
            "general_settings:\n  master_key: {GATEWAY_KEY}\nrouter_settings:\n  num_retries: 0\n"
        );
        Self::start("litellm", &["--config"], ("config.yaml", &config))
    }

    /// `mockllm`, which answers every question with this.
    pub fn mockllm(answer: &str) -> Self {
        let config = format!(
            "responses: {{}}\ndefaults:\n  unknown_response: \"{answer}\"\nsettings:\n  lag_enabled: false\n"
        );
        Self::start(
            "mockllm",
            &["start", "--responses"],
            ("answers.yml", &config),
        )
    }

    fn start(program: &str, arguments: &[&str], (name, config): (&str, &str)) -> Self {
        let folder = tempfile::tempdir().expect("a folder for a gateway");
        let file = folder.path().join(name);
        std::fs::write(&file, config).expect("its configuration");
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = free.expect("a free port").port();
        let bin = PathBuf::from(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../.tools/gateway/bin"
        ));
        let child = Command::new(bin.join("python3"))
            .arg(bin.join(program))
            .args(arguments)
            .arg(&file)
            .args(["--host", "127.0.0.1", "--port", &port.to_string()])
            .current_dir(folder.path())
            // A DATABASE_URL of the tests would be taken for its own.
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", folder.path())
            // It would fetch a list of prices.
            .env("LITELLM_LOCAL_MODEL_COST_MAP", "True")
            .env("NO_PROXY", "*")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("scripts/fetch-gateway installs it");
        let mut gateway = Self {
            port,
            child,
            _folder: folder,
        };
        gateway.listens(program);
        gateway
    }

    fn listens(&mut self, program: &str) {
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let ended = self.child.try_wait().expect("its state");
            assert!(ended.is_none(), "{program} has ended: {ended:?}");
            assert!(begun.elapsed() < PATIENCE, "{program} does not listen");
            std::thread::sleep(LOOK);
        }
    }

    pub fn base_url(&self, version: &str) -> String {
        format!("http://127.0.0.1:{}/{version}", self.port)
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
