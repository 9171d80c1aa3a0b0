//! Behaviour of the server at the level of sockets.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::test_app::{CONNECTIONS, PATIENCE, TestApp};

async fn connect(app: &TestApp) -> TcpStream {
    let address = app.url.strip_prefix("http://").unwrap();
    TcpStream::connect(address).await.unwrap()
}

/// Reads until the server closes the connection.
async fn read_to_close(mut socket: TcpStream) -> String {
    let mut said = Vec::new();
    // A closed connection may end with a reset.
    let _ = timeout(PATIENCE, socket.read_to_end(&mut said))
        .await
        .expect("the connection did not close");
    String::from_utf8_lossy(&said).into_owned()
}

async fn exchange(app: &TestApp, request: &str) -> String {
    let mut socket = connect(app).await;
    let _ = socket.write_all(request.as_bytes()).await;
    read_to_close(socket).await
}

fn statuses(said: &str) -> Vec<&str> {
    said.lines()
        .filter_map(|line| line.strip_prefix("HTTP/1.1 "))
        .filter_map(|line| line.get(..3))
        .collect()
}

/// Request smuggling: a second request in the body of the first must not be answered.
#[tokio::test]
async fn ambiguous_request_framing_is_refused() {
    let app = TestApp::start().await;
    let hidden = "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let post = "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    for framing in [
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
        "Content-Length: +4\r\n\r\nabcd",
        "Content-Length: 4, 5\r\n\r\nabcd",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "X-Folded: a\r\n b\r\nContent-Length: 0\r\n\r\n",
        "Content-Length : 4\r\n\r\nabcd",
    ] {
        let said = exchange(&app, &format!("{post}{framing}{hidden}")).await;
        assert_eq!(statuses(&said), ["400"], "{framing:?}: {said}");
    }
    for chunk in ["zz\r\n", "-1\r\n", "ffffffffffffffffff\r\n"] {
        let head = format!("{post}Transfer-Encoding: chunked\r\n\r\n");
        let said = exchange(&app, &format!("{head}{chunk}{hidden}")).await;
        assert_eq!(statuses(&said), ["400"], "{chunk:?}: {said}");
    }
}

#[tokio::test]
async fn oversized_headers_are_refused() {
    let app = TestApp::start().await;
    let long = "x".repeat(200_000);
    let many = (0..200)
        .map(|n| format!("X-{n}: y\r\n"))
        .collect::<String>();
    for head in [
        format!("GET /livez HTTP/1.1\r\nHost: x\r\nX-Api-Key: {long}\r\n\r\n"),
        format!("GET /livez HTTP/1.1\r\nHost: x\r\n{many}\r\n"),
    ] {
        assert_eq!(statuses(&exchange(&app, &head).await), ["431"]);
    }
    let path = format!("GET /{long} HTTP/1.1\r\nHost: x\r\n\r\n");
    let said = exchange(&app, &path).await;
    assert!(matches!(statuses(&said)[..], ["414" | "431"]), "{said}");
}

/// Finite responses have a length, so that the connection can be reused.
#[tokio::test]
async fn responses_have_a_content_length() {
    let app = TestApp::start().await;
    for path in [
        "/livez",
        "/openapi.json",
        "/api/v1/setup",
        "/api/v1/users/me",
    ] {
        let answer = app
            .request(reqwest::Method::GET, path)
            .send()
            .await
            .unwrap();
        let length = answer.headers().get("content-length").cloned();
        let body = answer.bytes().await.unwrap();
        assert_eq!(length.unwrap(), body.len().to_string().as_str(), "{path}");
    }
}

/// No other spelling of a path reaches a handler without authentication.
#[tokio::test]
async fn other_spellings_of_a_path_do_not_bypass_authentication() {
    let app = TestApp::start().await;
    for (method, path) in [
        ("GET", "/api/v1//conversations"),
        ("GET", "//api/v1/conversations"),
        ("GET", "/api/v1/conversations/"),
        ("GET", "/api/v1/CONVERSATIONS"),
        ("GET", "/api/v1/conversations;x=1"),
        ("GET", "/api/v1/setup/../conversations"),
        ("GET", "/api/v1/setup/%2e%2e/conversations"),
        ("GET", "/livez/..%2fapi/v1/conversations"),
        ("GET", "/api/v1/conversations%00"),
        ("GET", "http://elsewhere.example/api/v1/conversations"),
        ("POST", "/api/v1/conversations"),
        ("TRACE", "/api/v1/conversations"),
        ("get", "/api/v1/conversations"),
    ] {
        let overridden =
            "X-HTTP-Method-Override: GET\r\nX-Original-URL: /livez\r\nX-Forwarded-Host: e\r\n";
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: elsewhere.example\r\n{overridden}Connection: close\r\n\
             Content-Length: 0\r\n\r\n"
        );
        let said = exchange(&app, &request).await;
        assert!(
            matches!(statuses(&said)[..], ["401" | "404" | "405" | "415"]),
            "{method} {path}: {said}"
        );
    }
}

/// Half a request, a slow one, and a missing body time out, while others are served.
#[tokio::test]
async fn incomplete_requests_time_out() {
    let app = TestApp::start().await;
    let mut silent = Vec::new();
    for _ in 0..50 {
        let mut socket = connect(&app).await;
        socket
            .write_all(b"GET /livez HTTP/1.1\r\nX-Half: ")
            .await
            .unwrap();
        silent.push(socket);
    }
    silent.push(connect(&app).await);
    let mut drip = connect(&app).await;
    let dripping = async {
        let mut tick = tokio::time::interval(Duration::from_millis(250));
        while drip.write_all(b"G").await.is_ok() {
            tick.tick().await;
        }
    };
    let mut slow = connect(&app).await;
    slow.write_all(
        b"POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
          Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
    )
    .await
    .unwrap();
    assert_eq!(app.get("/livez").await.status, 200);
    timeout(PATIENCE, dripping)
        .await
        .expect("the slow request did not time out");
    for socket in silent {
        assert_eq!(read_to_close(socket).await, "");
    }
    let said = read_to_close(slow).await;
    assert_eq!(statuses(&said), ["408"], "{said}");
    assert!(said.contains("body_timeout"));
    assert_eq!(app.get("/livez").await.status, 200);
}

#[tokio::test]
async fn connections_beyond_the_limit_wait() {
    let app = TestApp::start().await;
    let mut held = Vec::new();
    for _ in 0..CONNECTIONS {
        held.push(connect(&app).await);
    }
    let mut late = connect(&app).await;
    late.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    // Serve some other connections first, to prove that the last one still waits.
    for socket in held.iter_mut().take(3) {
        let get = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n";
        socket.write_all(get).await.unwrap();
        assert!(socket.read(&mut [0; 512]).await.unwrap() > 0);
    }
    let none = late.try_read(&mut [0; 1]);
    assert!(none.is_err(), "the connection must wait");
    held.truncate(CONNECTIONS - 1);
    assert_eq!(statuses(&read_to_close(late).await), ["200"]);
}

/// Opens a raw WebSocket.
async fn open_websocket(app: &TestApp) -> TcpStream {
    let mut socket = connect(app).await;
    let request = "GET /api/v1/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                   Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.unwrap());
    }
    assert!(head.starts_with(b"HTTP/1.1 101"));
    socket
}

/// A frame of a client, masked with zeros so that its payload is readable.
fn frame(opcode: u8, length: u64, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x80 | opcode, 0x80 | 127];
    frame.extend(length.to_be_bytes());
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}

/// The code with which the server closes; skips earlier frames.
async fn close_code(socket: TcpStream) -> Option<u16> {
    let said = async {
        let mut socket = socket;
        let mut bytes = Vec::new();
        let _ = socket.read_to_end(&mut bytes).await;
        bytes
    };
    let bytes = timeout(PATIENCE, said)
        .await
        .expect("the connection did not close");
    let mut rest = &bytes[..];
    while let [first, length, after @ ..] = rest {
        let (length, after) = match length {
            126 => (
                usize::from(u16::from_be_bytes([after[0], after[1]])),
                &after[2..],
            ),
            length => (usize::from(*length), after),
        };
        if first & 0x0f == 8 {
            return Some(u16::from_be_bytes([after[0], after[1]]));
        }
        rest = &after[length..];
    }
    None
}

#[tokio::test]
async fn invalid_frames_close_a_websocket_with_a_code() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let auth = format!(r#"{{"type":"auth","token":"{}"}}"#, ada.access_token);
    let auth = frame(1, auth.len() as u64, auth.as_bytes());
    let pings: Vec<u8> = (0..1_000).flat_map(|_| frame(9, 0, b"")).collect();
    let unmasked = b"\x81\x02{}".to_vec();
    for (what, bytes, code) in [
        ("a frame of 64 MiB", frame(1, 64 << 20, b"x"), 1009),
        ("a flood of pings", pings, 1008),
        ("invalid UTF-8", frame(1, 2, b"\xff\xfe"), 1007),
        ("an unmasked frame", unmasked, 1002),
        ("an unknown opcode", frame(5, 0, b""), 1002),
        ("bytes", frame(2, 1, b"x"), 1003),
    ] {
        let mut socket = open_websocket(&app).await;
        socket.write_all(&auth).await.unwrap();
        let _ = socket.write_all(&bytes).await;
        assert_eq!(close_code(socket).await, Some(code), "{what}");
    }
    assert_eq!(ada.get("/users/me").await.status, 200);
}
