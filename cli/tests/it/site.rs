//! An installation from its users' side: who has a session there, what they send, the frames that they follow.

use eventsource_stream::{Event, Eventsource};
use futures_util::{Stream, StreamExt};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::program::{Installation, PATIENCE, Server};

/// Where the product is reached; with one process both addresses are the same.
pub struct Site {
    pub installation: Installation,
    urls: [String; 2],
    pub provider: String,
    http: Client,
}

/// Somebody with a session.
pub struct Person<'a> {
    pub site: &'a Site,
    pub id: String,
    pub access: String,
    pub refresh: String,
}

/// An answer: status, version tag, position, when to ask again, body.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub etag: String,
    pub position: String,
    pub retry_after: String,
    pub body: Value,
}

impl Answer {
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

    /// The server has another address now.
    pub fn moved_to(&mut self, url: &str) {
        self.urls = [url.to_owned(), url.to_owned()];
    }

    /// One server on a database of the test cluster, with ada@example.org as its administrator.
    pub async fn of_one_server(
        installation: impl FnOnce() -> Installation + Send + 'static,
        provider: String,
    ) -> (Self, Server) {
        let starting = tokio::task::spawn_blocking(|| {
            let installation = installation();
            installation.create_admin("correct horse");
            let server = installation.serve();
            (installation, server)
        });
        let (installation, server) = starting.await.unwrap();
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
    ) -> Answer {
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
        answered(request.send().await.unwrap()).await
    }

    pub async fn log_in(&self, email: &str) -> Person<'_> {
        let login = json!({"email": email, "password": "correct horse"});
        let answer = self
            .send(0, Method::POST, "auth/login", "", Some(login), &[])
            .await;
        self.person(&answer)
    }

    pub fn person(&self, answer: &Answer) -> Person<'_> {
        Person {
            site: self,
            id: answer.text("/user/id"),
            access: answer.text("/access_token"),
            refresh: answer.text("/refresh_token"),
        }
    }
}

async fn answered(answer: reqwest::Response) -> Answer {
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
    Answer {
        status,
        etag,
        position,
        retry_after,
        body,
    }
}

impl Person<'_> {
    pub async fn get(&self, node: usize, path: &str) -> Answer {
        self.site
            .send(node, Method::GET, path, &self.access, None, &[])
            .await
    }

    /// A read that waits for what was written on another node.
    pub async fn get_at(&self, node: usize, path: &str, position: &str) -> Answer {
        let headers = [("ConvoSphere-Min-Position", position)];
        self.site
            .send(node, Method::GET, path, &self.access, None, &headers)
            .await
    }

    pub async fn send(&self, node: usize, method: Method, path: &str, body: Value) -> Answer {
        let answer = self
            .site
            .send(node, method, path, &self.access, Some(body), &[])
            .await;
        assert!((200..300).contains(&answer.status), "{path}: {answer:?}");
        answer
    }

    pub async fn post(&self, node: usize, path: &str, body: Value) -> Answer {
        self.send(node, Method::POST, path, body).await
    }

    /// The bytes of an answer that is no JSON.
    pub async fn bytes(&self, node: usize, path: &str) -> Vec<u8> {
        let url = format!("{}/api/v1/{path}", self.site.urls[node]);
        let request = self.site.http.get(url).bearer_auth(&self.access);
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {answer:?}");
        answer.bytes().await.unwrap().to_vec()
    }

    /// Uploads a file as a browser does.
    pub async fn upload(&self, path: &str, name: &str, bytes: &[u8]) -> Answer {
        self.send_file(Method::POST, path, (name, bytes)).await
    }

    pub async fn send_file(
        &self,
        method: Method,
        path: &str,
        (name, bytes): (&str, &[u8]),
    ) -> Answer {
        let (kind, body) = testing::multipart(name, bytes);
        let url = format!("{}/api/v1/{path}", self.site.urls[0]);
        let request = self
            .site
            .http
            .request(method, url)
            .bearer_auth(&self.access);
        let request = request.header("Content-Type", kind);
        answered(request.body(body).send().await.unwrap()).await
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

    /// Waits until a read shows what is wanted: search and jobs are done by others.
    pub async fn until(&self, node: usize, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let begun = std::time::Instant::now();
        loop {
            let answer = self.get(node, path).await;
            assert_eq!(answer.status, 200, "{path}: {answer:?}");
            if wanted(&answer.body) {
                return answer.body;
            }
            assert!(begun.elapsed() < PATIENCE, "{path}: {answer:?}");
        }
    }

    /// A session that was ended elsewhere ends here within its second.
    pub async fn until_refused(&self, node: usize) {
        let begun = std::time::Instant::now();
        while self.get(node, "users/me").await.status != 401 {
            assert!(begun.elapsed() < PATIENCE);
        }
    }
}

/// Takes frames until one of the given name: what was said before it, its id, its data.
pub async fn until(
    frames: &mut (impl Stream<Item = Event> + Unpin),
    name: &str,
) -> (String, String, Value) {
    let mut said = String::new();
    let waiting = async {
        while let Some(frame) = frames.next().await {
            let data: Value = serde_json::from_str(&frame.data).unwrap_or_default();
            match frame.event.as_str() {
                "response.delta" => said.push_str(data["text"].as_str().unwrap()),
                "response.snapshot" => data["text"].as_str().unwrap().clone_into(&mut said),
                _ => {}
            }
            if frame.event == name {
                return (frame.id, data);
            }
        }
        panic!("the stream ended before {name}");
    };
    let (id, data) = tokio::time::timeout(PATIENCE, waiting)
        .await
        .unwrap_or_else(|_| panic!("no {name} came"));
    (said, id, data)
}
