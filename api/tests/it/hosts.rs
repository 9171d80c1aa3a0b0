//! Requests for unknown host names, as in DNS rebinding attacks.

use api::Registration;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::test_app::{Answer, TestApp, TestOptions, send};

const FOREIGN: [&str; 5] = [
    "evil.example",
    "evil.example:8080",
    "EVIL.example.",
    "chat.example.org.evil.example",
    "localhost.evil.example:80",
];
const OWN: [&str; 6] = [
    "127.0.0.1:1",
    "[::1]:8080",
    "[2001:db8::1]",
    "10.0.0.7",
    "LocalHost:3000",
    "my.localhost.",
];

async fn start_with_hosts(hosts: Option<&'static [&'static str]>, proxy: Option<&str>) -> TestApp {
    let app = TestApp::with(TestOptions {
        responder: false,
        registration: Registration::Open,
        hosts,
        trusted_proxy: proxy.map(|proxy| proxy.parse().unwrap()),
        ..TestOptions::default()
    })
    .await;
    app.admin().await;
    app
}

async fn register(app: &TestApp, host: &str) -> Answer {
    let body = json!({
        "email": format!("{}@example.org", uuid::Uuid::new_v4()), "password": "correct horse", "display_name": "x",
    });
    let request = app.request(Method::POST, "/api/v1/auth/register");
    send(request.header("Host", host).json(&body)).await
}

/// The status of a page, and of a WebSocket that it opens.
async fn open_page_and_socket(app: &TestApp, host: &str) -> (StatusCode, StatusCode) {
    let page = app.request(Method::GET, "/").header("Host", host);
    let socket = app
        .request(Method::GET, "/api/v1/ws")
        .header("Host", host)
        .header("Origin", format!("http://{host}"))
        .header("Connection", "Upgrade")
        .header("Upgrade", "websocket")
        .header("Sec-WebSocket-Version", "13")
        .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    let (page, socket) = (page.send().await.unwrap(), socket.send().await.unwrap());
    (page.status(), socket.status())
}

const ACCEPTED: (StatusCode, StatusCode) = (StatusCode::OK, StatusCode::SWITCHING_PROTOCOLS);
const REFUSED: (StatusCode, StatusCode) = (
    StatusCode::MISDIRECTED_REQUEST,
    StatusCode::MISDIRECTED_REQUEST,
);

#[tokio::test]
async fn unknown_host_names_are_refused_if_names_are_configured() {
    for names in [&[][..], &["chat.example.org", "nas"]] {
        let app = start_with_hosts(Some(names), None).await;
        for host in OWN.iter().chain(names) {
            assert_eq!(open_page_and_socket(&app, host).await, ACCEPTED, "{host}");
            assert_eq!(register(&app, host).await.status, 200, "{host}");
        }
        for host in FOREIGN {
            assert_eq!(open_page_and_socket(&app, host).await, REFUSED, "{host}");
            let refused = register(&app, host).await;
            assert_eq!(refused.code(), (421, "unknown_host"), "{host}");
            let detail = refused.body["detail"].as_str().unwrap();
            assert!(
                detail.contains(host) && detail.contains("server.hosts"),
                "{detail}"
            );
            for probe in ["/livez", "/healthz", "/readyz"] {
                let probed = app.request(Method::GET, probe).header("Host", host);
                assert_eq!(probed.send().await.unwrap().status(), 200, "{probe}");
            }
        }
    }
}

/// Without configured names, a trusted proxy vouches for the names that it forwards; sign-ups that bypass it must use a
/// local name.
#[tokio::test]
async fn without_names_only_sign_ups_that_bypass_the_proxy_are_refused() {
    let (around, through) = (
        start_with_hosts(None, Some("192.0.2.0/24")).await,
        start_with_hosts(None, Some("127.0.0.0/8")).await,
    );
    for host in OWN.into_iter().chain(FOREIGN) {
        assert_eq!(
            open_page_and_socket(&around, host).await,
            ACCEPTED,
            "{host}"
        );
        assert_eq!(
            open_page_and_socket(&through, host).await,
            ACCEPTED,
            "{host}"
        );
        assert_eq!(register(&through, host).await.status, 200, "{host}");
        let signed_up = register(&around, host).await;
        match OWN.contains(&host) {
            true => assert_eq!(signed_up.status, 200, "{host}"),
            false => assert_eq!(signed_up.code(), (421, "unknown_host"), "{host}"),
        }
    }
}

/// HTTP/2 and absolute request targets have the name elsewhere than in `Host`.
#[tokio::test]
async fn host_names_in_the_request_target_are_checked_too() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let app = start_with_hosts(Some(&[]), None).await;
    let address = app.url.strip_prefix("http://").unwrap();
    for (target, host, status) in [
        ("http://evil.example/", "localhost", "421"),
        ("http://localhost/", "evil.example", "421"),
        ("http://localhost/", "localhost", "200"),
        ("/", "localhost\r\nHost: evil.example", "421"),
    ] {
        let mut socket = tokio::net::TcpStream::connect(address).await.unwrap();
        let request = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut said = String::new();
        socket.read_to_string(&mut said).await.unwrap();
        // Two names may be refused before they are checked.
        let refused = status == "421" && said.starts_with("HTTP/1.1 400");
        let expected = said.starts_with(&format!("HTTP/1.1 {status}"));
        assert!(expected || refused, "{target} {host}: {said}");
    }
    for (authority, status) in [
        ("evil.example", StatusCode::MISDIRECTED_REQUEST),
        ("localhost:1", StatusCode::OK),
    ] {
        let socket = tokio::net::TcpStream::connect(address).await.unwrap();
        let (mut client, connection) = h2::client::handshake(socket).await.unwrap();
        tokio::spawn(connection);
        let request = poem::http::Request::get(format!("http://{authority}/"));
        let (answer, _) = client
            .send_request(request.body(()).unwrap(), true)
            .unwrap();
        assert_eq!(answer.await.unwrap().status(), status, "{authority}");
    }
}
