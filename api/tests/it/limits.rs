//! What one person may have under way: streams, exports and writes, each with its remedy, and nobody else is kept waiting.

use std::num::NonZeroU32;

use api::limits::PerPerson;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::sockets::{Socket, greeted, hear, opened, say, until};
use crate::test_app::{Answer, PATIENCE, Person, Setting, TestApp, next, send};

const STREAMS: usize = 3;
const EXPORTS: usize = 2;

async fn limited(writes: u32) -> TestApp {
    TestApp::with(Setting {
        responder: false,
        rate_limit: true,
        per_person: PerPerson {
            streams: STREAMS,
            exports: EXPORTS,
            writes: NonZeroU32::new(writes).unwrap(),
        },
        ..Setting::default()
    })
    .await
}

fn is_refused(answer: &Answer, code: &str) {
    assert_eq!(answer.code(), (429, code), "{answer:?}");
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert!(!answer.body["detail"].as_str().unwrap().is_empty());
}

/// Asks again until what has ended is no longer counted.
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
        .expect("what has ended is not counted for ever");
}

/// What a socket hears that is opened by somebody who may not.
async fn refused_socket(person: &Person<'_>) -> Value {
    let mut socket = greeted(person).await;
    let told = hear(&mut socket).await.unwrap();
    assert!(hear(&mut socket).await.is_none(), "it is closed");
    told
}

#[tokio::test]
async fn streams_and_sockets_of_one_person_are_bounded_together_and_others_are_not() {
    let app = limited(10_000).await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let conversation = ada.conversation().await;
    let streams = [
        format!("/conversations/{conversation}/stream"),
        "/feed".to_owned(),
        "/events/stream".to_owned(),
    ];
    // Each kind counts, whichever the others are.
    for sockets in 0..=STREAMS {
        let mut open: Vec<Socket> = vec![];
        let mut followed = vec![];
        for _ in 0..sockets {
            open.push(opened(&ada).await);
        }
        for n in sockets..STREAMS {
            let mut frames = Box::pin(ada.frames(&streams[n % streams.len()], None).await);
            next(&mut frames, "stream.caught_up").await;
            followed.push(frames);
        }
        for path in &streams {
            let request = ada.request(Method::GET, path);
            let answer = send(request.header("Accept", "text/event-stream")).await;
            is_refused(&answer, "too_many_streams");
            assert!(
                answer.body["detail"]
                    .as_str()
                    .unwrap()
                    .contains("close one")
            );
        }
        let told = refused_socket(&ada).await;
        assert_eq!(told["data"]["status"], 429, "{told}");
        assert_eq!(told["data"]["code"], "too_many_streams");
        drop(opened(&bob).await);
        assert_eq!(ada.get("/feed").await.status, 200, "a page is no stream");
        drop((open, followed));
        for path in &streams {
            until_allowed(&ada, path).await;
        }
    }
    assert!(
        PerPerson::default().streams >= 64,
        "as many tabs as one likes"
    );
}

#[tokio::test]
async fn what_all_sockets_of_one_person_follow_is_bounded() {
    let app = limited(10_000).await;
    let ada = app.admin().await;
    let mut conversations = vec![];
    for _ in 0..=STREAMS * 8 {
        conversations.push(ada.conversation().await);
    }
    let subscribe = |id: &str| json!({"type": "subscribe", "conversation_id": id});
    let (mut first, mut second) = (opened(&ada).await, opened(&ada).await);
    let (last, rest) = conversations.split_last().unwrap();
    for (n, id) in rest.iter().enumerate() {
        let socket = if n % 2 == 0 { &mut first } else { &mut second };
        say(socket, subscribe(id)).await;
        until(socket, "stream.caught_up").await;
    }
    say(&mut second, subscribe(last)).await;
    let refused = until(&mut second, "error").await;
    assert_eq!(refused["data"]["code"], "too_many_streams", "{refused}");
    assert_eq!(refused["conversation_id"], last.as_str());
    // One that is left makes room, over the other connection as well.
    let unsubscribe = json!({"type": "unsubscribe", "conversation_id": rest[0]});
    say(&mut first, unsubscribe).await;
    say(&mut first, json!({"type": "ping"})).await;
    until(&mut first, "pong").await;
    loop {
        say(&mut second, subscribe(last)).await;
        let told = hear(&mut second).await.unwrap();
        if told["type"] == "stream.caught_up" {
            break;
        }
        assert_eq!(told["data"]["status"], 429, "{told}");
    }
}

/// An export whose bytes nobody reads: over HTTP/2, as there is no room for them in the buffers of the system then.
struct Unread {
    _response: hyper::Response<hyper::body::Incoming>,
    connection: tokio::task::AbortHandle,
}

impl Drop for Unread {
    fn drop(&mut self) {
        self.connection.abort();
    }
}

async fn unread(person: &Person<'_>, path: &str) -> Unread {
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
    Unread {
        _response: response,
        connection,
    }
}

#[tokio::test]
async fn exports_of_one_person_that_nobody_reads_are_few_and_others_are_not_kept_waiting() {
    let app = limited(10_000).await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let conversation = ada.conversation().await;
    let path = format!("/conversations/{conversation}/messages");
    // More than one piece in each form: what cannot be packed.
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
        let open = [unread(&ada, first).await, unread(&ada, second).await];
        for path in &exports {
            is_refused(&ada.get(path).await, "too_many_exports");
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
async fn writes_of_one_person_are_bounded_whatever_they_are_and_others_and_reads_are_not() {
    let app = limited(40).await;
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
    assert!(done >= 20, "half of a minute's may come at once: {done}");
    is_refused(&refused, "rate_limited");
    assert_eq!(refused.header("ratelimit-policy"), "\"writes\";q=20;w=30");
    assert_eq!(ada.get(&path).await.status, 200);
    assert_eq!(bob.post("/conversations", json!({})).await.status, 201);
    assert_eq!(app.app.limits.retained(), 2, "a bucket for each who writes");

    // Whoever has her token must not keep her from taking it back.
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
    // What took its time has let some writes come back.
    let mut refused = ada.post("/conversations", json!({})).await;
    while refused.status == 201 && done < 1_000 {
        refused = ada.post("/conversations", json!({})).await;
        done += 1;
    }
    is_refused(&refused, "rate_limited");
    let sessions = ada.delete("/auth/sessions").await;
    assert!(sessions.status.is_success(), "{sessions:?}");
}
