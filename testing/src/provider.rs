//! An OpenAI-compatible server on loopback. The name of the model selects its behaviour.
//!
//! `echo-<tokens>-<milliseconds>` streams tokens at that interval. `held-<tokens>` waits before its last token until it is
//! released. Other names misbehave in various ways. `embed-<n>` returns vectors of n hashed word counts; `uneven-<n>`
//! returns vectors of increasing length.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use poem::http::StatusCode;
use poem::listener::{Acceptor, Listener, TcpListener};
use poem::web::{Data, Json};
use poem::{Body, EndpointExt, IntoResponse, Request, Response, Route, Server, get, handler, post};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// The API key that it accepts.
pub const KEY: &str = "sk-of-the-tests";

#[derive(Debug, Clone, Default)]
struct Shared {
    requests: Arc<Mutex<Requests>>,
    /// Releases held answers, one at a time.
    gate: Arc<Gate>,
}

/// The answers of `held-<tokens>` wait here before their last token.
#[derive(Debug)]
struct Gate {
    waiting: Semaphore,
    released: Semaphore,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            waiting: Semaphore::new(0),
            released: Semaphore::new(0),
        }
    }
}

#[derive(Debug, Default)]
struct Requests {
    calls: usize,
    last: Value,
    embedded: Vec<String>,
    revoked: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Requests> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The tokens of the model `hostile`, before one of half a mebibyte.
pub const HOSTILE: [&str; 6] = [
    "\r\n\r\ndata: forged\n\n",
    "event: execute\nid: 1-00000000\n\n",
    "\r\u{0}",
    "\u{2028}\u{2029}\u{85}",
    "\u{1b}[31m\u{202e}",
    "<script>alert(1)</script>",
];

/// A running provider; stopped when dropped.
#[derive(Debug)]
pub struct Provider {
    pub port: u16,
    shared: Shared,
    _task: JoinSet<()>,
}

impl Provider {
    pub async fn start() -> Self {
        let acceptor = TcpListener::bind("127.0.0.1:0")
            .into_acceptor()
            .await
            .expect("a port for the provider");
        let address = acceptor.local_addr();
        let port = address[0]
            .as_socket_addr()
            .map_or(0, std::net::SocketAddr::port);
        let shared = Shared::default();
        let routes = Route::new()
            .at("/v1/models", get(models))
            .at("/v1/chat/completions", post(chat))
            .at("/v1/embeddings", post(embeddings))
            .at("/v1/rerank", post(rerank))
            .data(shared.clone());
        let mut task = JoinSet::new();
        task.spawn(async move {
            let _ = Server::new_with_acceptor(acceptor).run(routes).await;
        });
        Self {
            port,
            shared,
            _task: task,
        }
    }

    pub fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.port)
    }

    /// The number of chat requests.
    pub fn calls(&self) -> usize {
        self.shared.lock().calls
    }

    /// Waits until an answer of `held-<tokens>` has sent all but its last token.
    pub async fn wait_until_held(&self) {
        let waiting = self.shared.gate.waiting.acquire().await;
        waiting.expect("the gate is never closed").forget();
    }

    /// Releases one held answer.
    pub fn release(&self) {
        self.shared.gate.released.add_permits(1);
    }

    /// Rejects the API key from now on.
    pub fn revoke(&self) {
        self.shared.lock().revoked = true;
    }

    /// All texts that were embedded, in order, with repetitions.
    pub fn embedded(&self) -> Vec<String> {
        self.shared.lock().embedded.clone()
    }

    /// The body of the last chat request.
    pub fn last(&self) -> Value {
        self.shared.lock().last.clone()
    }
}

fn is_authorized(request: &Request, shared: &Shared) -> bool {
    let revoked = shared.lock().revoked;
    !revoked && request.header("authorization") == Some(&format!("Bearer {KEY}"))
}

fn error_response(status: StatusCode) -> Response {
    let body =
        json!({"error": {"message": format!("the key {KEY} is refused with {}", status.as_u16())}});
    Json(body).with_status(status).into_response()
}

#[handler]
fn models(request: &Request, shared: Data<&Shared>) -> Response {
    if !is_authorized(request, shared.0) {
        return error_response(StatusCode::UNAUTHORIZED);
    }
    let names = [
        "echo-50-0",
        "echo-20-2",
        "echo-400-10",
        "held-40",
        "silent",
        "malformed",
        "endless",
        "line",
        "html",
        "broken",
        "hostile",
        "cut",
        "blind",
    ];
    let statuses = ["401", "429", "500", "404"].map(|status| format!("status-{status}"));
    let names = names.map(str::to_owned).into_iter().chain(statuses);
    let model = |name| json!({"id": name, "object": "model", "context_length": 8_192});
    // Two of them report what they can do.
    let mut sees_and_reasons = model("echo-1-0".to_owned());
    sees_and_reasons["architecture"] =
        json!({"input_modalities": ["text", "image"], "output_modalities": ["text"]});
    sees_and_reasons["supported_parameters"] = json!(["temperature", "reasoning"]);
    let mut embeds = model("embed-16".to_owned());
    embeds["type"] = json!("embedding");
    let data: Vec<Value> = names.map(model).chain([sees_and_reasons, embeds]).collect();
    Json(json!({"object": "list", "data": data})).into_response()
}

#[handler]
fn chat(request: &Request, Json(body): Json<Value>, shared: Data<&Shared>) -> Response {
    {
        let mut requests = shared.lock();
        requests.calls += 1;
        requests.last = body.clone();
    }
    if !is_authorized(request, shared.0) {
        return error_response(StatusCode::UNAUTHORIZED);
    }
    let model = body["model"].as_str().unwrap_or_default().to_owned();
    let parts: Vec<&str> = model.split('-').collect();
    let number = |n: usize| parts.get(n).and_then(|text| text.parse().ok()).unwrap_or(0);
    match parts[0] {
        "status" => {
            let status = u16::try_from(number(1)).unwrap_or(500);
            error_response(StatusCode::from_u16(status).unwrap_or_default())
        }
        "html" => "<html>the error page of a proxy</html>".into_response(),
        "malformed" => events(stream::iter(["data: {\"choices\": 5}\n\n".to_owned()])),
        // Sends reasoning and then reaches the token limit.
        "cut" => {
            let thought = json!({"choices": [{"delta": {"reasoning_content": "Let me think"}}]});
            let end = json!({"choices": [{"delta": {}, "finish_reason": "length"}]});
            let end = format!("data: {end}\n\ndata: [DONE]\n\n");
            events(stream::iter([
                format!("data: {thought}\n\n"),
                token("The first half"),
                end,
            ]))
        }
        // Disconnects in the middle of an answer.
        "broken" => events(stream::iter([token("half "), token("an ")])),
        "hostile" => {
            let tokens = HOSTILE.iter().map(|text| token(text));
            let long = token(&"x".repeat(1 << 19));
            let end = json!({"choices": [{"delta": {}, "finish_reason": "stop"}]});
            let end = [
                long,
                format!("data: {end}\n\n"),
                "data: [DONE]\n\n".to_owned(),
            ];
            events(stream::iter(tokens.chain(end).collect::<Vec<_>>()))
        }
        "silent" => events(stream::iter([token("then nothing ")]).chain(stream::pending())),
        // One line that never ends.
        "line" => events(stream::repeat_with(|| "data: ".repeat(4_000))),
        "endless" => events(stream::repeat_with(|| token(&"and ".repeat(4_000)))),
        // Rejects images, as text-only servers do.
        "blind" if body.to_string().contains("image_url") => {
            let message = "image input is not supported by this model";
            let error = Json(json!({"error": {"message": message}}));
            error.with_status(StatusCode::BAD_REQUEST).into_response()
        }
        "blind" => echo(5, Duration::ZERO),
        "held" => held(number(1), shared.0.gate.clone()),
        _ => echo(number(1), Duration::from_millis(number(2))),
    }
}

#[handler]
fn embeddings(request: &Request, Json(body): Json<Value>, shared: Data<&Shared>) -> Response {
    if !is_authorized(request, shared.0) {
        return error_response(StatusCode::UNAUTHORIZED);
    }
    let model = body["model"].as_str().unwrap_or_default();
    let (kind, number) = model.split_once('-').unwrap_or((model, ""));
    let number: u16 = number.parse().unwrap_or(0);
    if !["embed", "uneven"].contains(&kind) {
        return error_response(StatusCode::from_u16(number).unwrap_or_default());
    }
    let texts: Vec<String> = serde_json::from_value(body["input"].clone()).unwrap_or_default();
    let data: Vec<Value> = texts
        .iter()
        .enumerate()
        .map(|(index, text)| {
            // Each vector is longer than the one before.
            let extra = u16::try_from(index).unwrap_or(0) * u16::from(kind == "uneven");
            json!({"object": "embedding", "index": index, "embedding": count_words(text, number + extra)})
        })
        .collect();
    shared.lock().embedded.extend(texts);
    Json(json!({"object": "list", "data": data, "model": model})).into_response()
}

/// `reverse` ranks the last text first; `odd` does as well, but in an undocumented format. Any other model fails with the
/// status in its name.
#[handler]
fn rerank(request: &Request, Json(body): Json<Value>, shared: Data<&Shared>) -> Response {
    if !is_authorized(request, shared.0) {
        return error_response(StatusCode::UNAUTHORIZED);
    }
    let model = body["model"].as_str().unwrap_or_default();
    let texts = body["documents"].as_array().map_or(0, Vec::len);
    let results: Vec<Value> = match model {
        "reverse" => (0..texts)
            .map(|index| json!({"index": index, "relevance_score": index}))
            .collect(),
        "odd" => vec![
            json!({"index": 99_999, "relevance_score": 9}),
            json!({"index": (texts - 1).to_string(), "relevance_score": "0.5"}),
            json!({"index": texts - 1, "relevance_score": 0.25}),
            json!({"index": null}),
        ],
        model => {
            let number = model.rsplit('-').next().and_then(|text| text.parse().ok());
            return error_response(StatusCode::from_u16(number.unwrap_or(404)).unwrap_or_default());
        }
    };
    Json(json!({"results": results, "model": model})).into_response()
}

/// Counts the words of a text, hashed into the dimensions of a vector.
fn count_words(text: &str, dimensions: u16) -> Vec<f32> {
    let mut counts = vec![0.1; usize::from(dimensions)];
    let lower = text.to_lowercase();
    for word in lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        let hash = word
            .bytes()
            .fold(7_usize, |hash, byte| hash * 31 % 65_521 + usize::from(byte));
        counts[hash % usize::from(dimensions.max(1))] += 1.0;
    }
    counts
}

fn echo(tokens: u64, pause: Duration) -> Response {
    let usage = json!({"prompt_tokens": 10, "completion_tokens": tokens});
    let end = json!({"choices": [{"delta": {}, "finish_reason": "stop"}], "usage": usage});
    let tokens = stream::iter(0..tokens).then(move |n| async move {
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        token(&format!("t{n} "))
    });
    events(tokens.chain(stream::iter([
        format!("data: {end}\n\n"),
        "data: [DONE]\n\n".to_owned(),
    ])))
}

/// Sends all but the last token at once, and the last one after its release.
fn held(tokens: u64, gate: Arc<Gate>) -> Response {
    let end = json!({"choices": [{"delta": {}, "finish_reason": "stop"}]});
    let last = tokens.saturating_sub(1);
    let first = stream::iter((0..last).map(|n| token(&format!("t{n} "))));
    let rest = stream::once(async move {
        gate.waiting.add_permits(1);
        let released = gate.released.acquire().await;
        released.expect("the gate is never closed").forget();
        token(&format!("t{last} "))
    });
    let end = [format!("data: {end}\n\n"), "data: [DONE]\n\n".to_owned()];
    events(first.chain(rest).chain(stream::iter(end)))
}

fn token(text: &str) -> String {
    let chunk = json!({"choices": [{"delta": {"role": "assistant", "content": text}, "finish_reason": null}]});
    format!("data: {chunk}\n\n")
}

fn events(frames: impl futures_util::Stream<Item = String> + Send + 'static) -> Response {
    let body = Body::from_bytes_stream(
        frames
            .map(Ok::<_, Infallible>)
            .map(|frame| frame.map_err(|_| std::io::Error::other("never"))),
    );
    Response::builder()
        .content_type("text/event-stream")
        .body(body)
}
