//! Limits per user: streams, subscriptions, exports and writes.

use std::num::NonZeroU32;

use api::limits::PerPerson;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::sockets::{
    Socket, authenticate_socket, open_socket, receive, receive_until, send_message,
};
use crate::test_app::{Answer, PATIENCE, Person, TestApp, TestOptions, next, send};

const STREAMS: usize = 3;
const EXPORTS: usize = 2;

async fn start_limited(writes: u32) -> TestApp {
    TestApp::with(TestOptions {
        responder: false,
        rate_limit: true,
        per_person: PerPerson {
            streams: STREAMS,
            exports: EXPORTS,
            writes: NonZeroU32::new(writes).unwrap(),
        },
        ..TestOptions::default()
    })
    .await
}

fn assert_refused(answer: &Answer, code: &str) {
    assert_eq!(answer.code(), (429, code), "{answer:?}");
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert!(!answer.body["detail"].as_str().unwrap().is_empty());
}

/// Retries until ended streams are no longer counted.
async fn until_allowed(person: &Person<'_>, path: &str) {
    let allowed = async {
        loop {
            let request = person.request(Method::GET, path);
            let request = request.header("Accept", "text/event-stream");
            let status = request.send().await.unwrap().status();
            if status == 200 {
                return;
            }
            assert_eq!(status, 429);
        }
    };
    tokio::time::timeout(PATIENCE, allowed)
        .await
        .expect("ended streams are still counted");
}

/// Opens a socket over the limit and returns the error frame.
async fn refused_socket(person: &Person<'_>) -> Value {
    let mut socket = authenticate_socket(person).await;
    let frame = receive(&mut socket).await.unwrap();
    assert!(receive(&mut socket).await.is_none(), "it is closed");
    frame
}

#[tokio::test]
async fn streams_and_sockets_share_a_limit_per_user() {
    let app = start_limited(10_000).await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let conversation = ada.conversation().await;
    let streams = [
        format!("/conversations/{conversation}/stream"),
        "/feed".to_owned(),
        "/events/stream".to_owned(),
    ];
    // Streams and sockets count together, in any mix.
    for sockets in 0..=STREAMS {
        let mut open: Vec<Socket> = vec![];
        let mut streaming = vec![];
        for _ in 0..sockets {
            open.push(open_socket(&ada).await);
        }
        for n in sockets..STREAMS {
            let mut frames = Box::pin(ada.frames(&streams[n % streams.len()], None).await);
            next(&mut frames, "stream.caught_up").await;
            streaming.push(frames);
        }
        for path in &streams {
            let request = ada.request(Method::GET, path);
            let answer = send(request.header("Accept", "text/event-stream")).await;
            assert_refused(&answer, "too_many_streams");
            assert!(
                answer.body["detail"]
                    .as_str()
                    .unwrap()
                    .contains("close one")
            );
        }
        let frame = refused_socket(&ada).await;
        assert_eq!(frame["data"]["status"], 429, "{frame}");
        assert_eq!(frame["data"]["code"], "too_many_streams");
        drop(open_socket(&bob).await);
        assert_eq!(ada.get("/feed").await.status, 200, "a page is not a stream");
        drop((open, streaming));
        for path in &streams {
            until_allowed(&ada, path).await;
        }
    }
    assert!(PerPerson::default().streams >= 64, "enough for many tabs");
}

#[tokio::test]
async fn subscriptions_are_limited_per_user_over_all_sockets() {
    let app = start_limited(10_000).await;
    let ada = app.admin().await;
    let mut conversations = vec![];
    for _ in 0..=STREAMS * 8 {
        conversations.push(ada.conversation().await);
    }
    let subscribe = |id: &str| json!({"type": "subscribe", "conversation_id": id});
    let (mut first, mut second) = (open_socket(&ada).await, open_socket(&ada).await);
    let (last, rest) = conversations.split_last().unwrap();
    for (n, id) in rest.iter().enumerate() {
        let socket = if n % 2 == 0 { &mut first } else { &mut second };
        send_message(socket, subscribe(id)).await;
        receive_until(socket, "stream.caught_up").await;
    }
    send_message(&mut second, subscribe(last)).await;
    let refused = receive_until(&mut second, "error").await;
    assert_eq!(refused["data"]["code"], "too_many_streams", "{refused}");
    assert_eq!(refused["conversation_id"], last.as_str());
    // Unsubscribing on one connection frees a share for the other.
    let unsubscribe = json!({"type": "unsubscribe", "conversation_id": rest[0]});
    send_message(&mut first, unsubscribe).await;
    send_message(&mut first, json!({"type": "ping"})).await;
    receive_until(&mut first, "pong").await;
    loop {
        send_message(&mut second, subscribe(last)).await;
        let frame = receive(&mut second).await.unwrap();
        if frame["type"] == "stream.caught_up" {
            break;
        }
        assert_eq!(frame["data"]["status"], 429, "{frame}");
    }
}

/// An export that is not read: over HTTP/2 with a tiny window, so that system buffers cannot absorb it.
struct UnreadExport {
    _response: hyper::Response<hyper::body::Incoming>,
    connection: tokio::task::AbortHandle,
}

impl Drop for UnreadExport {
    fn drop(&mut self) {
        self.connection.abort();
    }
}

async fn open_unread_export(person: &Person<'_>, path: &str) -> UnreadExport {
    let address = person.app.url.trim_start_matches("http://");
    let socket = TcpStream::connect(address).await.unwrap();
    let (mut requests, connection) = http2::Builder::new(TokioExecutor::new())
        .initial_stream_window_size(1)
        .handshake(TokioIo::new(socket))
        .await
        .unwrap();
    let connection = tokio::spawn(connection).abort_handle();
    let request = hyper::Request::get(format!("{}/api/v1{path}", person.app.url))
        .header("Authorization", format!("Bearer {}", person.access_token))
        .body(String::new())
        .unwrap();
    let response = requests.send_request(request).await.unwrap();
    assert_eq!(response.status(), 200);
    UnreadExport {
        _response: response,
        connection,
    }
}

#[tokio::test]
async fn unread_exports_are_limited_per_user_and_do_not_block_others() {
    let app = start_limited(10_000).await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let conversation = ada.conversation().await;
    let path = format!("/conversations/{conversation}/messages");
    // Incompressible text, so that each format has more than one chunk.
    let mut chance = fastrand::Rng::with_seed(1);
    for _ in 0..4 {
        let word = |_| format!("{:x} ", chance.u64(..));
        let text: String = (0..3_000).map(word).collect();
        let note = json!({"content": text, "respond": false});
        assert_eq!(ada.post(&path, note).await.status, 201);
    }
    let form = |form| format!("/conversations/{conversation}/export?format={form}");
    let exports = [
        "/exports/archive".to_owned(),
        form("json"),
        form("markdown"),
        form("html"),
        form("pdf"),
    ];
    for (n, first) in exports.iter().enumerate() {
        let second = &exports[(n + 1) % exports.len()];
        let open = [
            open_unread_export(&ada, first).await,
            open_unread_export(&ada, second).await,
        ];
        for path in &exports {
            assert_refused(&ada.get(path).await, "too_many_exports");
        }
        assert_eq!(bob.get("/exports/archive").await.status, 200);
        assert_eq!(
            ada.get(&format!("/conversations/{conversation}"))
                .await
                .status,
            200
        );
        drop(open);
        for path in &exports {
            until_allowed(&ada, path).await;
        }
    }
}

#[tokio::test]
async fn writes_are_limited_per_user_and_reads_are_not() {
    let app = start_limited(40).await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let conversation = ada.conversation().await;
    let path = format!("/conversations/{conversation}");
    let mut done = 1;
    let refused = loop {
        let answer = match done % 3 {
            0 => ada.post("/conversations", json!({})).await,
            1 => ada.patch(&path, json!({"title": format!("t{done}")})).await,
            _ => {
                ada.patch("/users/me/preferences", json!({"theme": "dark"}))
                    .await
            }
        };
        if answer.status == 429 {
            break answer;
        }
        assert!(!answer.header("ratelimit").is_empty(), "{answer:?}");
        done += 1;
        assert!(done < 1_000, "nothing was refused");
    };
    assert!(
        done >= 20,
        "half of the limit per minute is allowed in a burst: {done}"
    );
    assert_refused(&refused, "rate_limited");
    assert_eq!(refused.header("ratelimit-policy"), "\"writes\";q=20;w=30");
    assert_eq!(ada.get(&path).await.status, 200);
    assert_eq!(bob.post("/conversations", json!({})).await.status, 201);
    assert_eq!(app.app.limits.retained(), 2, "a bucket for each writer");

    // The holder of a stolen token must not be able to prevent the owner from revoking it.
    let run = uuid::Uuid::nil();
    let unknown = ada
        .post(&format!("/responses/{run}/cancel"), json!({}))
        .await;
    assert_eq!(unknown.status, 404, "{unknown:?}");
    let password = json!({"current_password": "correct horse", "new_password": "another horse"});
    let changed = send(
        ada.request(Method::PUT, "/users/me/password")
            .json(&password),
    )
    .await;
    assert_ne!(changed.status, 429, "{changed:?}");
    // Some writes may have been refilled in the meantime.
    let mut refused = ada.post("/conversations", json!({})).await;
    while refused.status == 201 && done < 1_000 {
        refused = ada.post("/conversations", json!({})).await;
        done += 1;
    }
    assert_refused(&refused, "rate_limited");
    let sessions = ada.delete("/auth/sessions").await;
    assert!(sessions.status.is_success(), "{sessions:?}");
}
