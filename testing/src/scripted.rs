//! A provider on loopback whose responses, byte for byte and with their timing, are scripted by a test.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// The response to one request.
#[derive(Debug, Clone)]
pub struct ScriptedResponse {
    /// The delay before the response headers.
    pub after: Duration,
    pub status: u16,
    /// Response header lines, without framing headers.
    pub head: Vec<String>,
    pub steps: Vec<Step>,
}

/// A part of a response body.
#[derive(Debug, Clone)]
pub enum Step {
    Bytes(Vec<u8>),
    Pause(Duration),
    /// Sends nothing more and keeps the connection open.
    Silence,
}

impl ScriptedResponse {
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            after: Duration::ZERO,
            status,
            head: vec![format!("content-type: {content_type}")],
            steps: vec![Step::Bytes(body.into())],
        }
    }

    /// An event stream with the given bytes.
    pub fn stream(bytes: impl Into<Vec<u8>>) -> Self {
        Self::new(200, "text/event-stream", bytes)
    }

    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// Adds a header line.
    #[must_use]
    pub fn with(mut self, line: &str) -> Self {
        self.head.push(line.to_owned());
        self
    }

    /// Adds a part of the body.
    #[must_use]
    pub fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }
}

/// Maps a path, a body and the number of earlier requests with a body to a response.
type Script = Arc<dyn Fn(&str, &Value, usize) -> ScriptedResponse + Send + Sync>;

/// A running provider; stopped when dropped.
#[derive(Debug)]
pub struct ScriptedProvider {
    pub port: u16,
    requests: Arc<Mutex<Vec<Value>>>,
    _tasks: JoinSet<()>,
}

impl ScriptedProvider {
    /// Scripts requests with a body. Requests without a body get a list with the model `m`.
    pub async fn start(
        script: impl Fn(&Value, usize) -> ScriptedResponse + Send + Sync + 'static,
    ) -> Self {
        Self::with(move |path, body, nth| match body.is_null() {
            true if path.contains("/models") => {
                let list = serde_json::json!({"object": "list", "data": [{"id": "m"}]});
                ScriptedResponse::json(200, &list)
            }
            true => ScriptedResponse::json(404, &serde_json::json!({"detail": "Not Found"})),
            false => script(body, nth),
        })
        .await
    }

    /// Scripts every request; the body of a request without one is null.
    pub async fn with(
        script: impl Fn(&str, &Value, usize) -> ScriptedResponse + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port for the provider");
        let port = listener.local_addr().map_or(0, |address| address.port());
        let requests = Arc::<Mutex<Vec<Value>>>::default();
        let (script, shared): (Script, _) = (Arc::new(script), requests.clone());
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut clients = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                clients.spawn(answer(client, script.clone(), shared.clone()));
            }
        });
        Self {
            port,
            requests,
            _tasks: tasks,
        }
    }

    pub fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.port)
    }

    /// The bodies of all requests, in order.
    pub fn requests(&self) -> Vec<Value> {
        lock(&self.requests).clone()
    }
}

fn lock(requests: &Mutex<Vec<Value>>) -> MutexGuard<'_, Vec<Value>> {
    requests.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn answer(mut client: TcpStream, script: Script, requests: Arc<Mutex<Vec<Value>>>) {
    let Some((path, body)) = read_request(&mut client).await else {
        return;
    };
    let nth = {
        let mut requests = lock(&requests);
        let nth = requests.len();
        if !body.is_null() {
            requests.push(body.clone());
        }
        nth
    };
    let response = script(&path, &body, nth);
    tokio::time::sleep(response.after).await;
    let head = response.head.join("\r\n");
    let head = format!(
        "HTTP/1.1 {} Scripted\r\n{head}\r\nconnection: close\r\n\r\n",
        response.status
    );
    if client.write_all(head.as_bytes()).await.is_err() {
        return;
    }
    for step in response.steps {
        match step {
            Step::Bytes(bytes) => {
                if client.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            Step::Pause(pause) => tokio::time::sleep(pause).await,
            Step::Silence => std::future::pending().await,
        }
    }
    let _ = client.shutdown().await;
}

/// Reads the path and the body of a request; the body is null if there is none.
async fn read_request(client: &mut TcpStream) -> Option<(String, Value)> {
    let mut bytes = Vec::new();
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok())
                .unwrap_or(0);
            let body = &bytes[end + 4..];
            if body.len() >= length {
                let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                return Some((path, serde_json::from_slice(body).unwrap_or_default()));
            }
        }
        match client.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
        }
    }
}
