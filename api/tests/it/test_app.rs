//! A server for one test, and its users.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use api::limits::PerPerson;
use api::{App, Registration, Settings};
use application::{Application, Config, Core, ProcessKind, Role};
use chrono::{DateTime, Utc};
use domain::provider::LocalServer;
use eventsource_stream::Eventsource;
use eventstore::anchors::Anchors;
use eventstore::backup::Folder;
use eventstore::files::StoreLocation;
use eventstore::{Clock, Executor, MasterKey};
use futures_util::{Stream, StreamExt};
use projections::search::SearchEngine;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use sqlx::PgPool;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::conformance;
use crate::parts::{backups, model_settings};

/// How long a test waits for an expected event.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Maximum number of connections of a test server.
pub const CONNECTIONS: usize = 200;

/// Largest file, and quota per user, in bytes.
pub const MAX_FILE: u64 = 1024 * 1024;
pub const FILE_QUOTA: u64 = 3 * 1024 * 1024;

pub struct TestApp {
    pub app: Arc<App>,
    pub http: reqwest::Client,
    pub url: String,
    pub executor: Executor,
    pub catalogue: workers::Catalogue,
    /// Where files are stored.
    pub folder: tempfile::TempDir,
    _application: Application,
    _server: JoinSet<()>,
}

/// A response: status, headers and JSON body.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub fn id(&self) -> String {
        self.body["id"].as_str().unwrap().to_owned()
    }

    pub fn code(&self) -> (u16, &str) {
        (
            self.status.as_u16(),
            self.body["code"].as_str().unwrap_or(""),
        )
    }
}

/// Options of a test server.
#[derive(Debug, Clone, Copy)]
pub struct TestOptions {
    pub responder: bool,
    pub registration: Registration,
    pub rate_limit: bool,
    /// Limits per user, if `rate_limit` is set.
    pub per_person: PerPerson,
    /// As behind a proxy that terminates TLS.
    pub secure_cookies: bool,
    /// The network of a trusted proxy.
    pub trusted_proxy: Option<ipnet::IpNet>,
    /// The host names of the server; `None` accepts any name.
    pub hosts: Option<&'static [&'static str]>,
    /// The loopback port of an allowed provider.
    pub allowed_port: Option<u16>,
    /// The loopback port where a model server is discovered.
    pub local_port: Option<u16>,
    /// The default model in the operator's configuration.
    pub default_model: Option<&'static str>,
    /// Time limits of providers.
    pub timeouts: workers::Timeouts,
    /// Whether the answering model writes the title.
    pub titles: bool,
    /// Where the clock of the server stands still; by default it is the system's.
    pub now: Option<DateTime<Utc>>,
}

impl Default for TestOptions {
    fn default() -> Self {
        Self {
            responder: true,
            registration: Registration::Open,
            rate_limit: false,
            per_person: PerPerson::default(),
            secure_cookies: false,
            allowed_port: None,
            local_port: None,
            timeouts: workers::Timeouts::default(),
            trusted_proxy: None,
            hosts: None,
            default_model: None,
            titles: false,
            now: None,
        }
    }
}

impl TestApp {
    pub async fn start() -> Self {
        Self::with(TestOptions::default()).await
    }

    pub async fn with(options: TestOptions) -> Self {
        Self::with_database(testing::database().await, None, options).await
    }

    /// Starts a server on a database. Requests can use another pool than the workers.
    pub async fn with_database(
        pool: PgPool,
        request_pool: Option<PgPool>,
        options: TestOptions,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = options.now.map_or_else(Clock::system, Clock::fixed);
        let master = MasterKey::generate().unwrap();
        let files = StoreLocation::Folder(folder.path().join("files"));
        let core = Core::open(pool, &master, &files, None, clock)
            .await
            .unwrap();
        let config = Config {
            request_pool,
            ..config(&core, master, folder.path(), options)
        };
        let catalogue = config.catalogue.clone();
        let mut roles = vec![Role::Projector, Role::Indexer, Role::Api];
        roles.extend(options.responder.then_some(Role::Responder));
        let executor = core.executor.clone();
        let application = Application::build(core, config, &roles).await.unwrap();
        let app = application.app.clone().unwrap();
        let (address, server) = serve(app.clone()).await;
        Self {
            app,
            folder,
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            url: format!("http://{address}"),
            executor,
            catalogue,
            _application: application,
            _server: server,
        }
    }

    /// Whether the encryption key of an object was destroyed.
    pub async fn is_erased(&self, kind: &str, id: &str) -> bool {
        sqlx::query_scalar("select wrapped is null from subject_keys where subject = $1")
            .bind(format!("{kind}:{id}"))
            .fetch_one(&self.app.pool)
            .await
            .unwrap()
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url))
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        send(self.request(Method::POST, path).json(&body)).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    /// Completes the setup and returns the administrator.
    pub async fn admin(&self) -> Person<'_> {
        let answer = self.set_up().await;
        assert_eq!(answer.status, 200, "{answer:?}");
        Person::new(self, &answer)
    }

    pub async fn set_up(&self) -> Answer {
        let body = json!({
            "token": self.app.setup_token, "email": "admin@example.org", "password": "correct horse",
            "display_name": "Admin",
        });
        self.post("/api/v1/setup", body).await
    }

    /// Registers a user; setup must be complete.
    pub async fn person(&self, name: &str) -> Person<'_> {
        let body = json!({
            "email": format!("{name}@example.org"), "password": "correct horse", "display_name": name,
        });
        let answer = self.post("/api/v1/auth/register", body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        Person::new(self, &answer)
    }
}

/// The configuration of a test.
fn config(core: &Core, master: MasterKey, folder: &Path, options: TestOptions) -> Config {
    let egress = workers::Egress::new().unwrap();
    let catalogue = workers::Catalogue::new(core.source(), egress, core.clock.clone());
    let anchors = Anchors::new(
        core.pool.clone(),
        core.log,
        &master,
        None,
        core.clock.clone(),
    );
    let backups = backups(folder, master);
    let local = |port| LocalServer {
        name: "local".to_owned(),
        base_url: format!("http://127.0.0.1:{port}/v1"),
    };
    Config {
        kind: ProcessKind::Server,
        instance: Uuid::new_v4().to_string(),
        // Reads imports; the text of files stays unknown.
        program: crate::imports::import_reader(),
        http: settings(options, backups.folder.clone()),
        request_pool: None,
        search: SearchEngine::new(&core.pool, None),
        catalogue: catalogue.with_timeouts(options.timeouts),
        model_settings: model_settings(options),
        embedding_model: None,
        reranking_model: None,
        environment_providers: vec![],
        local_servers: options.local_port.map(local).into_iter().collect(),
        answer_slots: 32,
        document_slots: 1,
        backups,
        anchors,
    }
}

/// The operator's settings in a test.
fn settings(options: TestOptions, backups: Folder) -> Settings {
    Settings {
        registration: options.registration,
        limits: options.rate_limit.then_some(options.per_person),
        secure_cookies: options.secure_cookies,
        trusted_proxies: options.trusted_proxy.into_iter().collect(),
        hosts: options
            .hosts
            .map(|names| names.iter().map(|name| (*name).to_owned()).collect()),
        default_model: options.default_model.map(str::to_owned),
        egress_allow: options
            .allowed_port
            .map(|port| format!("127.0.0.1:{port}"))
            .into_iter()
            .collect(),
        chat_command: "convosphere chat --data-dir <x>".to_owned(),
        // The start page without the web client; browser tests cover the other one.
        web_client: false,
        max_file: MAX_FILE,
        file_quota: FILE_QUOTA,
        backups,
        backup_every: None,
    }
}

async fn serve(app: Arc<App>) -> (SocketAddr, JoinSet<()>) {
    let bound = api::server::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
    let address = bound.address;
    let mut tasks = JoinSet::new();
    let endless = std::future::pending();
    tasks.spawn(bound.serve(api::endpoint(app), CONNECTIONS, endless, PATIENCE));
    (address, tasks)
}

/// Sends a request and compares the response with the contract.
pub async fn send(request: RequestBuilder) -> Answer {
    let (client, request) = request.build_split();
    let request = request.unwrap();
    let (method, path) = (request.method().clone(), request.url().path().to_owned());
    let response = client.execute(request).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::Null);
    conformance::check(&method, &path, status, &headers, &body);
    Answer {
        status,
        headers,
        body,
    }
}

/// A request with a file as its body.
pub fn upload(request: RequestBuilder, name: &str, bytes: &[u8]) -> RequestBuilder {
    let (kind, body) = testing::multipart(name, bytes);
    request.header("Content-Type", kind).body(body)
}

/// A user with a session.
#[derive(Clone)]
pub struct Person<'a> {
    pub app: &'a TestApp,
    pub id: String,
    pub access_token: String,
    pub refresh_token: String,
}

impl<'a> Person<'a> {
    /// The number of events that this user has caused, without those of workers.
    pub async fn events(&self) -> i64 {
        sqlx::query_scalar("select count(*) from events where metadata -> 'actor' ->> 'id' = $1")
            .bind(&self.id)
            .fetch_one(&self.app.app.pool)
            .await
            .unwrap()
    }

    pub fn new(app: &'a TestApp, answer: &Answer) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Self {
            app,
            id: text(&answer.body["user"]["id"]),
            access_token: text(&answer.body["access_token"]),
            refresh_token: text(&answer.body["refresh_token"]),
        }
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.app
            .request(method, &format!("/api/v1{path}"))
            .bearer_auth(&self.access_token)
    }

    pub async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        send(self.request(Method::POST, path).json(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        send(self.request(Method::PUT, path).json(&body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        send(self.request(Method::PATCH, path).json(&body)).await
    }

    pub async fn upload(&self, path: &str, name: &str, bytes: &[u8]) -> Answer {
        send(upload(self.request(Method::POST, path), name, bytes)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        send(self.request(Method::DELETE, path)).await
    }

    pub async fn conversation(&self) -> String {
        let answer = self.post("/conversations", json!({})).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.id()
    }

    /// Posts a question and waits for the answer. Returns the exchange and the data of the last frame.
    pub async fn ask(&self, conversation: &str, question: &str) -> (Value, Value) {
        let path = format!("/conversations/{conversation}/messages");
        let exchange = self.post(&path, json!({"content": question})).await;
        assert_eq!(exchange.status, 201, "{exchange:?}");
        let run = exchange.body["response"]["id"].as_str().unwrap().to_owned();
        let frames = self.frames(&format!("/responses/{run}/stream"), None).await;
        let last = collect(frames).await.pop().unwrap();
        (exchange.body, last.data)
    }

    /// The frames of a stream.
    pub async fn frames(
        &self,
        path: &str,
        last_id: Option<&str>,
    ) -> impl Stream<Item = Frame> + use<> {
        let mut request = self
            .request(Method::GET, path)
            .header("Accept", "text/event-stream");
        if let Some(id) = last_id {
            request = request.header("Last-Event-ID", id);
        }
        frames(request).await
    }
}

/// The frames of a stream.
pub async fn frames(request: RequestBuilder) -> impl Stream<Item = Frame> + use<> {
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    response.bytes_stream().eventsource().map(|event| {
        let event = event.unwrap();
        Frame {
            kind: event.event,
            id: event.id,
            data: serde_json::from_str(&event.data).unwrap(),
        }
    })
}

#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    pub kind: String,
    pub id: String,
    pub data: Value,
}

/// All frames of a stream that ends.
pub async fn collect(frames: impl Stream<Item = Frame>) -> Vec<Frame> {
    tokio::time::timeout(PATIENCE, frames.collect())
        .await
        .expect("timed out waiting for the end of the stream")
}

/// The next frame of a kind; skips others.
pub async fn next(frames: &mut (impl Stream<Item = Frame> + Unpin), kind: &str) -> Frame {
    let found = async {
        loop {
            let frame = frames.next().await.expect("the stream has ended");
            if frame.kind == kind {
                return frame;
            }
        }
    };
    tokio::time::timeout(PATIENCE, found)
        .await
        .unwrap_or_else(|_| panic!("timed out waiting for {kind}"))
}
