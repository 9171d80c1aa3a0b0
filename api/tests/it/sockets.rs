//! The WebSocket, from the client's perspective.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::test_app::{PATIENCE, Person, TestApp};

pub type Socket = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

fn url(app: &TestApp) -> String {
    format!("{}/api/v1/ws", app.url.replace("http://", "ws://"))
}

pub async fn send_message(socket: &mut Socket, message: Value) {
    socket
        .send(Message::text(message.to_string()))
        .await
        .unwrap();
}

/// The next frame; none if the server has closed the connection.
pub async fn receive(socket: &mut Socket) -> Option<Value> {
    loop {
        let message = tokio::time::timeout(PATIENCE, socket.next()).await.unwrap();
        match message {
            Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).unwrap()),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            _ => return None,
        }
    }
}

pub async fn receive_until(socket: &mut Socket, kind: &str) -> Value {
    loop {
        let frame = receive(socket)
            .await
            .unwrap_or_else(|| panic!("closed before {kind}"));
        if frame["type"] == kind {
            return frame;
        }
    }
}

/// A connection that has sent its token and has received nothing yet.
pub async fn authenticate_socket(person: &Person<'_>) -> Socket {
    let (mut socket, _) = connect_async(url(person.app)).await.unwrap();
    send_message(
        &mut socket,
        json!({"type": "auth", "token": person.access_token}),
    )
    .await;
    socket
}

pub async fn open_socket(person: &Person<'_>) -> Socket {
    let mut socket = authenticate_socket(person).await;
    assert_eq!(
        receive_until(&mut socket, "ready").await["data"]["user_id"],
        person.id.as_str()
    );
    socket
}

#[tokio::test]
async fn one_connection_follows_several_conversations() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let (one, two) = (ada.conversation().await, ada.conversation().await);
    let mut socket = open_socket(&ada).await;
    for conversation in [&one, &two] {
        send_message(
            &mut socket,
            json!({"type": "subscribe", "conversation_id": conversation}),
        )
        .await;
        receive_until(&mut socket, "stream.caught_up").await;
    }
    for conversation in [&one, &two] {
        ada.ask(conversation, "Where is my data stored?").await;
        let end = receive_until(&mut socket, "response.completed").await;
        assert_eq!(end["conversation_id"], conversation.as_str());
        assert!(end["id"].is_string());
        assert!(
            end["data"]["message"]["content"]
                .as_str()
                .unwrap()
                .contains("All data is stored")
        );
    }
    // A cursor replays earlier frames.
    let mut late = open_socket(&ada).await;
    send_message(
        &mut late,
        json!({"type": "subscribe", "conversation_id": one, "after": 0}),
    )
    .await;
    receive_until(&mut late, "message.posted").await;
    send_message(
        &mut late,
        json!({"type": "unsubscribe", "conversation_id": one}),
    )
    .await;
    send_message(&mut late, json!({"type": "ping"})).await;
    receive_until(&mut late, "pong").await;
}

#[tokio::test]
async fn one_connection_follows_the_feed_and_the_log() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let (mut of_ada, mut of_bob) = (open_socket(&ada).await, open_socket(&bob).await);
    for (socket, channel) in [(&mut of_ada, "events"), (&mut of_bob, "feed")] {
        send_message(socket, json!({"type": "subscribe", "channel": channel})).await;
        let caught_up = receive_until(socket, "stream.caught_up").await;
        assert_eq!(caught_up["channel"], channel);
    }
    let hers = ada.conversation().await;
    let his = bob.conversation().await;
    // The log has both events, the feed only the own one.
    for id in [&hers, &his] {
        let event = receive_until(&mut of_ada, "event").await;
        assert_eq!(event["data"]["event_type"], "conversation_started");
        assert_eq!(event["data"]["aggregate_id"], id.as_str());
    }
    let event = receive_until(&mut of_bob, "event").await;
    assert_eq!(event["data"]["aggregate_id"], his.as_str());
    assert!(event["id"].is_string());
    for (message, status) in [
        (json!({"type": "subscribe", "channel": "events"}), 403),
        (json!({"type": "subscribe", "channel": "everything"}), 400),
        (json!({"type": "subscribe"}), 400),
        (
            json!({"type": "subscribe", "channel": "feed", "conversation_id": his}),
            400,
        ),
    ] {
        send_message(&mut of_bob, message.clone()).await;
        let refused = receive_until(&mut of_bob, "error").await;
        assert_eq!(refused["data"]["status"], status, "{message}");
    }
    send_message(
        &mut of_bob,
        json!({"type": "unsubscribe", "channel": "feed"}),
    )
    .await;
    bob.conversation().await;
    send_message(&mut of_bob, json!({"type": "ping"})).await;
    assert_eq!(receive(&mut of_bob).await.unwrap()["type"], "pong");
}

#[tokio::test]
async fn a_role_change_closes_the_connection() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let eve = app.person("eve").await;
    let path = format!("/users/{}", eve.id);
    let promoted = ada.patch(&path, json!({"role": "admin"})).await;
    assert_eq!(promoted.status, 200);
    let mut socket = open_socket(&eve).await;
    send_message(
        &mut socket,
        json!({"type": "subscribe", "channel": "events"}),
    )
    .await;
    receive_until(&mut socket, "stream.caught_up").await;
    let demoted = ada.patch(&path, json!({"role": "user"})).await;
    assert_eq!(demoted.status, 200);
    let refused = receive_until(&mut socket, "error").await;
    assert_eq!(refused["data"]["status"], 401);
    while receive(&mut socket).await.is_some() {}
    let mut again = open_socket(&eve).await;
    send_message(
        &mut again,
        json!({"type": "subscribe", "channel": "events"}),
    )
    .await;
    assert_eq!(
        receive_until(&mut again, "error").await["data"]["status"],
        403
    );
}

#[tokio::test]
async fn unauthenticated_clients_and_other_origins_are_refused() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    for first in [
        json!({"type": "auth", "token": "nonsense"}),
        json!({"type": "auth", "token": ada.refresh_token}),
        json!({"type": "ping"}),
        json!(5),
    ] {
        let (mut socket, _) = connect_async(url(&app)).await.unwrap();
        send_message(&mut socket, first).await;
        let refused = receive(&mut socket).await.unwrap();
        assert_eq!(
            (&refused["type"], &refused["data"]["status"]),
            (&json!("error"), &json!(401))
        );
        assert_eq!(receive(&mut socket).await, None, "the connection is closed");
    }
    let mut request = url(&app).into_client_request().unwrap();
    request
        .headers_mut()
        .insert("origin", "https://evil.example".parse().unwrap());
    let Err(Error::Http(refused)) = connect_async(request).await else {
        panic!("another origin was accepted");
    };
    assert_eq!(refused.status(), 403);
    let plain = ada.get("/ws").await;
    assert!(plain.status.is_client_error(), "{:?}", plain.status);
}

#[tokio::test]
async fn errors_are_reported_and_the_connection_stays_open() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let conversation = ada.conversation().await;
    let (exchange, _) = ada.ask(&conversation, "Where is my data stored?").await;
    let message = &exchange["message"]["id"];
    let mut socket = open_socket(&bob).await;
    for (message, status) in [
        (
            json!({"type": "subscribe", "conversation_id": conversation}),
            404,
        ),
        (
            json!({"type": "typing", "conversation_id": conversation}),
            404,
        ),
        (json!({"type": "read", "message_id": message}), 404),
        (json!({"type": "read", "message_id": conversation}), 404),
        (
            json!({"type": "read", "conversation_id": conversation}),
            400,
        ),
        (json!({"type": "subscribe", "conversation_id": "x"}), 400),
        (json!({"type": "subscribe"}), 400),
        (json!({"type": "unknown_type"}), 400),
        (json!({"type": "ping", "extra": 1}), 400),
        (json!({"type": "auth", "token": "x"}), 409),
    ] {
        send_message(&mut socket, message.clone()).await;
        let refused = receive_until(&mut socket, "error").await;
        assert_eq!(refused["data"]["status"], status, "{message}");
    }
    // An unknown cursor.
    let own = bob.conversation().await;
    send_message(
        &mut socket,
        json!({"type": "subscribe", "conversation_id": own, "after": "9-00000000"}),
    )
    .await;
    receive_until(&mut socket, "stream.reset").await;
}

#[tokio::test]
async fn typing_is_sent_to_others_and_logout_closes_the_connection() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let (mut here, mut there) = (open_socket(&ada).await, open_socket(&ada).await);
    for socket in [&mut here, &mut there] {
        send_message(
            socket,
            json!({"type": "subscribe", "conversation_id": conversation}),
        )
        .await;
        receive_until(socket, "stream.caught_up").await;
    }
    send_message(
        &mut here,
        json!({"type": "typing", "conversation_id": conversation}),
    )
    .await;
    assert_eq!(
        receive_until(&mut there, "typing").await["data"]["user_id"],
        ada.id.as_str()
    );
    ada.post("/auth/logout", json!({})).await;
    while receive(&mut there).await.is_some() {}
}

#[tokio::test]
async fn read_markers_are_sent_to_other_tabs() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    // With a title, so that no worker adds one.
    let conversation = ada
        .post("/conversations", json!({"title": "Read"}))
        .await
        .id();
    let path = format!("/conversations/{conversation}");
    let (exchange, _) = ada.ask(&conversation, "Where is my data stored?").await;
    let (question, answer) = (
        &exchange["message"]["id"],
        &exchange["response"]["message_id"],
    );
    let before = ada.get(&path).await.body;
    let (mut here, mut there) = (open_socket(&ada).await, open_socket(&ada).await);
    for socket in [&mut here, &mut there] {
        send_message(
            socket,
            json!({"type": "subscribe", "conversation_id": conversation}),
        )
        .await;
        receive_until(socket, "stream.caught_up").await;
    }
    send_message(&mut here, json!({"type": "read", "message_id": answer})).await;
    for socket in [&mut here, &mut there] {
        let moved = receive_until(socket, "read_marker.moved").await;
        assert_eq!(
            (&moved["data"]["message_id"], &moved["data"]["user_id"]),
            (answer, &json!(ada.id))
        );
        assert!(moved["id"].is_string(), "the frame is durable: {moved}");
    }
    // A late message of another tab does not move the marker back.
    send_message(&mut there, json!({"type": "read", "message_id": question})).await;
    send_message(&mut there, json!({"type": "ping"})).await;
    receive_until(&mut there, "pong").await;
    let after = ada.get(&path).await.body;
    assert_eq!(&after["last_read_message_id"], answer);
    assert_eq!(
        after["updated_at"], before["updated_at"],
        "reading does not change the order of the list"
    );
    // Later subscribers receive it from the log.
    let mut late = open_socket(&ada).await;
    send_message(
        &mut late,
        json!({"type": "subscribe", "conversation_id": conversation, "after": 0}),
    )
    .await;
    let found = receive_until(&mut late, "read_marker.moved").await;
    assert_eq!(&found["data"]["message_id"], answer);
}
