//! Third-party model servers, which `scripts/fetch-gateway` installs.

use std::fmt::Write;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The API key of the gateway.
pub const GATEWAY_KEY: &str = "sk-of-these-tests-7f1d93c2aa41b0de";
/// They load many Python modules before they listen.
const START_LIMIT: Duration = Duration::from_mins(2);
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// A running server; killed when dropped.
#[derive(Debug)]
pub struct Gateway {
    pub port: u16,
    child: Child,
    _folder: tempfile::TempDir,
}

impl Gateway {
    /// `LiteLLM` as a proxy of an OpenAI-compatible server, which offers the given models with three APIs.
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

    /// `mockllm`, which gives the same answer to every question.
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
            // It would use the DATABASE_URL of the tests.
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", folder.path())
            // It would download a price list.
            .env("LITELLM_LOCAL_MODEL_COST_MAP", "True")
            .env("NO_PROXY", "*")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a gateway, which scripts/fetch-gateway installs");
        let mut gateway = Self {
            port,
            child,
            _folder: folder,
        };
        gateway.wait_until_listening(program);
        gateway
    }

    fn wait_until_listening(&mut self, program: &str) {
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let status = self.child.try_wait().expect("the status of the gateway");
            assert!(status.is_none(), "{program} has ended: {status:?}");
            assert!(started.elapsed() < START_LIMIT, "{program} did not start");
            std::thread::sleep(POLL_INTERVAL);
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
