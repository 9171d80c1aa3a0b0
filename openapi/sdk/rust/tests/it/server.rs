//! A server that answers each connection with the next prepared response.

use std::sync::{Arc, Mutex};

use convosphere_client::{Builder, Client};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub struct Server {
    port: u16,
    requests: Arc<Mutex<Vec<String>>>,
}

/// A connection that is closed without a response.
pub const NOTHING: &str = "";

/// A complete response.
pub fn response(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

pub fn ok(body: &str) -> String {
    response("200 OK", "", body)
}

/// An event stream that ends with its connection.
pub fn events(frames: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n{frames}"
    )
}

pub fn problem(status: &str, headers: &str) -> String {
    let code = status.split(' ').next().unwrap();
    let body = format!(
        r#"{{"type": "urn:convosphere:problem:invalid", "title": "Error", "status": {code}, "detail": "the name is too long",
            "instance": "/", "code": "invalid", "request_id": "r1",
            "errors": [{{"pointer": "/name", "code": "too_long", "detail": "at most 40 characters"}}]}}"#
    );
    response(status, headers, &body)
}

impl Server {
    pub async fn start(responses: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let responses: Vec<String> = responses.into_iter().map(Into::into).collect();
        let received = Arc::clone(&requests);
        tokio::spawn(async move {
            for response in responses {
                let (mut connection, _) = listener.accept().await.unwrap();
                let request = read_request(&mut connection).await;
                received.lock().unwrap().push(request);
                connection.write_all(response.as_bytes()).await.unwrap();
            }
        });
        Self { port, requests }
    }

    pub fn builder(&self) -> Builder {
        let url = format!("http://127.0.0.1:{}", self.port);
        Client::builder(&url).http(reqwest::ClientBuilder::no_proxy)
    }

    pub fn client(&self) -> Client {
        self.builder().token("secret").build().unwrap()
    }

    /// The requests so far, with their headers in lower case.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// A header of a request.
    pub fn header(&self, request: usize, name: &str) -> Option<String> {
        let requests = self.requests();
        let mut lines = requests[request].lines();
        lines.find_map(|line| line.strip_prefix(&format!("{name}: ")).map(str::to_owned))
    }
}

async fn read_request(connection: &mut TcpStream) -> String {
    let mut request = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && is_complete(&head.to_ascii_lowercase(), body)
        {
            return text;
        }
        let mut piece = [0; 4096];
        let count = connection.read(&mut piece).await.unwrap();
        assert!(count > 0, "the request is incomplete: {text}");
        request.extend_from_slice(&piece[..count]);
    }
}

fn is_complete(head: &str, body: &str) -> bool {
    if head.contains("transfer-encoding: chunked") {
        return body.ends_with("0\r\n\r\n");
    }
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    length.is_none_or(|length| body.len() == length.parse::<usize>().unwrap())
}
