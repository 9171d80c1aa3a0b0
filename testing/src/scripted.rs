//! A provider on loopback that plays bytes: what it answers, byte for byte and in its own time, is decided by a test.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What is answered to one request.
#[derive(Debug, Clone)]
pub struct Played {
    /// Until the header comes.
    pub after: Duration,
    pub status: u16,
    /// Lines of the header, without those that the length needs.
    pub head: Vec<String>,
    pub steps: Vec<Step>,
}

/// A stretch of an answer.
#[derive(Debug, Clone)]
pub enum Step {
    Bytes(Vec<u8>),
    Pause(Duration),
    /// Nothing more comes, and the connection stays.
    Silence,
}

impl Played {
    /// A body of a kind.
    pub fn of(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            after: Duration::ZERO,
            status,
            head: vec![format!("content-type: {kind}")],
            steps: vec![Step::Bytes(body.into())],
        }
    }

    /// A stream of events, as it stands.
    pub fn stream(bytes: impl Into<Vec<u8>>) -> Self {
        Self::of(200, "text/event-stream", bytes)
    }

    pub fn json(status: u16, body: &Value) -> Self {
        Self::of(status, "application/json", body.to_string())
    }

    /// With a further line of the header.
    #[must_use]
    pub fn with(mut self, line: &str) -> Self {
        self.head.push(line.to_owned());
        self
    }

    /// With a further stretch.
    #[must_use]
    pub fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }
}

/// The end of the path that was asked, the body, and how many requests with a body came before it.
type Script = Arc<dyn Fn(&str, &Value, usize) -> Played + Send + Sync>;

/// A running provider; it ends when dropped.
#[derive(Debug)]
pub struct Player {
    pub port: u16,
    asked: Arc<Mutex<Vec<Value>>>,
    _tasks: JoinSet<()>,
}

impl Player {
    /// Requests without a body get a list with the model `m`.
    pub async fn start(script: impl Fn(&Value, usize) -> Played + Send + Sync + 'static) -> Self {
        Self::with(move |path, body, nth| match body.is_null() {
            true if path.contains("/models") => {
                let list = serde_json::json!({"object": "list", "data": [{"id": "m"}]});
                Played::json(200, &list)
            }
            true => Played::json(404, &serde_json::json!({"detail": "Not Found"})),
            false => script(body, nth),
        })
        .await
    }

    /// Every request is answered as the script says; those without a body with null.
    pub async fn with(
        script: impl Fn(&str, &Value, usize) -> Played + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port for the provider");
        let port = listener.local_addr().map_or(0, |address| address.port());
        let asked = Arc::<Mutex<Vec<Value>>>::default();
        let (script, shared): (Script, _) = (Arc::new(script), asked.clone());
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut clients = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                clients.spawn(answer(client, script.clone(), shared.clone()));
            }
        });
        Self {
            port,
            asked,
            _tasks: tasks,
        }
    }

    pub fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.port)
    }

    /// The bodies of all questions, in their order.
    pub fn asked(&self) -> Vec<Value> {
        lock(&self.asked).clone()
    }
}

fn lock(asked: &Mutex<Vec<Value>>) -> MutexGuard<'_, Vec<Value>> {
    asked.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn answer(mut client: TcpStream, script: Script, asked: Arc<Mutex<Vec<Value>>>) {
    let Some((path, body)) = request(&mut client).await else {
        return;
    };
    let nth = {
        let mut asked = lock(&asked);
        let nth = asked.len();
        if !body.is_null() {
            asked.push(body.clone());
        }
        nth
    };
    let played = script(&path, &body, nth);
    tokio::time::sleep(played.after).await;
    let head = played.head.join("\r\n");
    let head = format!(
        "HTTP/1.1 {} Played\r\n{head}\r\nconnection: close\r\n\r\n",
        played.status
    );
    if client.write_all(head.as_bytes()).await.is_err() {
        return;
    }
    for step in played.steps {
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

/// The path and the body of a request; null where it has none.
async fn request(client: &mut TcpStream) -> Option<(String, Value)> {
    let mut bytes = Vec::new();
    let mut piece = vec![0; 16 * 1024];
    loop {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
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
        match client.read(&mut piece).await {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&piece[..read]),
        }
    }
}
