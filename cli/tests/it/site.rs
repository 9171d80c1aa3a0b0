//! An HTTP client of an installation: sessions, requests, event streams.

use eventsource_stream::{Event, Eventsource};
use futures_util::{Stream, StreamExt};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::program::{Installation, Server, TIME_LIMIT};

/// An installation with two nodes; if there is only one process, both URLs are the same.
pub struct Site {
    pub installation: Installation,
    urls: [String; 2],
    pub provider: String,
    http: Client,
}

/// A user with a session.
pub struct Person<'a> {
    pub site: &'a Site,
    pub id: String,
    pub access: String,
    pub refresh: String,
}

/// The parts of an HTTP response that tests check.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub etag: String,
    pub position: String,
    pub retry_after: String,
    pub body: Value,
}

impl Response {
    pub fn text(&self, pointer: &str) -> String {
        let value = self.body.pointer(pointer).and_then(Value::as_str);
        value
            .unwrap_or_else(|| panic!("{pointer} of {self:?}"))
            .to_owned()
    }
}

impl Site {
    pub fn new(installation: Installation, urls: [String; 2], provider: String) -> Self {
        Self {
            installation,
            urls,
            provider,
            http: Client::builder().no_proxy().build().unwrap(),
        }
    }

    /// Sets the URL of both nodes.
    pub fn set_url(&mut self, url: &str) {
        self.urls = [url.to_owned(), url.to_owned()];
    }

    /// Starts one server, with ada@example.org as administrator.
    pub async fn with_one_server(
        installation: impl FnOnce() -> Installation + Send + 'static,
        provider: String,
    ) -> (Self, Server) {
        let start = tokio::task::spawn_blocking(|| {
            let installation = installation();
            installation.create_admin("correct horse");
            let server = installation.serve();
            (installation, server)
        });
        let (installation, server) = start.await.unwrap();
        let urls = [server.url.clone(), server.url.clone()];
        (Self::new(installation, urls, provider), server)
    }

    pub async fn send(
        &self,
        node: usize,
        method: Method,
        path: &str,
        access: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Response {
        let url = format!("{}/api/v1/{path}", self.urls[node]);
        let mut request = self.http.request(method, url);
        if !access.is_empty() {
            request = request.bearer_auth(access);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        read_response(request.send().await.unwrap()).await
    }

    pub async fn log_in(&self, email: &str) -> Person<'_> {
        let login = json!({"email": email, "password": "correct horse"});
        let answer = self
            .send(0, Method::POST, "auth/login", "", Some(login), &[])
            .await;
        self.person(&answer)
    }

    pub fn person(&self, answer: &Response) -> Person<'_> {
        Person {
            site: self,
            id: answer.text("/user/id"),
            access: answer.text("/access_token"),
            refresh: answer.text("/refresh_token"),
        }
    }
}

async fn read_response(answer: reqwest::Response) -> Response {
    let header = |name: &str| {
        let value = answer
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let (status, etag, position, retry_after) = (
        answer.status().as_u16(),
        header("etag"),
        header("convosphere-position"),
        header("retry-after"),
    );
    let text = answer.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or_default();
    Response {
        status,
        etag,
        position,
        retry_after,
        body,
    }
}

impl Person<'_> {
    pub async fn get(&self, node: usize, path: &str) -> Response {
        self.site
            .send(node, Method::GET, path, &self.access, None, &[])
            .await
    }

    /// A read that waits for a position that was written on another node.
    pub async fn get_at_position(&self, node: usize, path: &str, position: &str) -> Response {
        let headers = [("ConvoSphere-Min-Position", position)];
        self.site
            .send(node, Method::GET, path, &self.access, None, &headers)
            .await
    }

    pub async fn send(&self, node: usize, method: Method, path: &str, body: Value) -> Response {
        let answer = self
            .site
            .send(node, method, path, &self.access, Some(body), &[])
            .await;
        assert!((200..300).contains(&answer.status), "{path}: {answer:?}");
        answer
    }

    pub async fn post(&self, node: usize, path: &str, body: Value) -> Response {
        self.send(node, Method::POST, path, body).await
    }

    /// The body of a response that is not JSON.
    pub async fn bytes(&self, node: usize, path: &str) -> Vec<u8> {
        let url = format!("{}/api/v1/{path}", self.site.urls[node]);
        let request = self.site.http.get(url).bearer_auth(&self.access);
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {answer:?}");
        answer.bytes().await.unwrap().to_vec()
    }

    /// Uploads a file as a browser does.
    pub async fn upload(&self, path: &str, name: &str, bytes: &[u8]) -> Response {
        self.send_file(Method::POST, path, (name, bytes)).await
    }

    pub async fn send_file(
        &self,
        method: Method,
        path: &str,
        (name, bytes): (&str, &[u8]),
    ) -> Response {
        let (kind, body) = testing::multipart(name, bytes);
        let url = format!("{}/api/v1/{path}", self.site.urls[0]);
        let request = self
            .site
            .http
            .request(method, url)
            .bearer_auth(&self.access);
        let request = request.header("Content-Type", kind);
        read_response(request.body(body).send().await.unwrap()).await
    }

    pub async fn frames(
        &self,
        node: usize,
        path: &str,
        after: &str,
    ) -> impl Stream<Item = Event> + Unpin + use<> {
        let url = format!("{}/api/v1/{path}", self.site.urls[node]);
        let mut request = self.site.http.get(url).bearer_auth(&self.access);
        if !after.is_empty() {
            request = request.header("Last-Event-ID", after);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        Box::pin(answer.bytes_stream().eventsource().map(Result::unwrap))
    }

    /// Reads until the body satisfies a condition: search and jobs are asynchronous.
    pub async fn wait_until(
        &self,
        node: usize,
        path: &str,
        wanted: impl Fn(&Value) -> bool,
    ) -> Value {
        let started = std::time::Instant::now();
        loop {
            let answer = self.get(node, path).await;
            assert_eq!(answer.status, 200, "{path}: {answer:?}");
            if wanted(&answer.body) {
                return answer.body;
            }
            assert!(started.elapsed() < TIME_LIMIT, "{path}: {answer:?}");
        }
    }

    /// Waits until this node refuses a session that ended on another node.
    pub async fn wait_until_signed_out(&self, node: usize) {
        let started = std::time::Instant::now();
        while self.get(node, "users/me").await.status != 401 {
            assert!(started.elapsed() < TIME_LIMIT);
        }
    }
}

/// Reads frames up to one with the given name; returns the answer text up to it, its id and its data.
pub async fn wait_for_frame(
    frames: &mut (impl Stream<Item = Event> + Unpin),
    name: &str,
) -> (String, String, Value) {
    let mut text = String::new();
    let read = async {
        while let Some(frame) = frames.next().await {
            let data: Value = serde_json::from_str(&frame.data).unwrap_or_default();
            match frame.event.as_str() {
                "response.delta" => text.push_str(data["text"].as_str().unwrap()),
                "response.snapshot" => data["text"].as_str().unwrap().clone_into(&mut text),
                _ => {}
            }
            if frame.event == name {
                return (frame.id, data);
            }
        }
        panic!("the stream ended before {name}");
    };
    let (id, data) = tokio::time::timeout(TIME_LIMIT, read)
        .await
        .unwrap_or_else(|_| panic!("no {name} arrived"));
    (text, id, data)
}
