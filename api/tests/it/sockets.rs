//! The WebSocket, as a client sees it.

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

pub async fn say(socket: &mut Socket, message: Value) {
    socket
        .send(Message::text(message.to_string()))
        .await
        .unwrap();
}

/// The next frame; none where the server has closed the connection.
pub async fn hear(socket: &mut Socket) -> Option<Value> {
    loop {
        let message = tokio::time::timeout(PATIENCE, socket.next()).await.unwrap();
        match message {
            Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).unwrap()),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            _ => return None,
        }
    }
}

pub async fn until(socket: &mut Socket, kind: &str) -> Value {
    loop {
        let frame = hear(socket)
            .await
            .unwrap_or_else(|| panic!("closed before {kind}"));
        if frame["type"] == kind {
            return frame;
        }
    }
}

/// A connection that has said who it is, and has heard nothing yet.
pub async fn greeted(person: &Person<'_>) -> Socket {
    let (mut socket, _) = connect_async(url(person.app)).await.unwrap();
    say(
        &mut socket,
        json!({"type": "auth", "token": person.access_token}),
    )
    .await;
    socket
}

pub async fn opened(person: &Person<'_>) -> Socket {
    let mut socket = greeted(person).await;
    assert_eq!(
        until(&mut socket, "ready").await["data"]["user_id"],
        person.id.as_str()
    );
    socket
}

#[tokio::test]
async fn several_conversations_are_followed_over_one_connection() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let (one, two) = (ada.conversation().await, ada.conversation().await);
    let mut socket = opened(&ada).await;
    for conversation in [&one, &two] {
        say(
            &mut socket,
            json!({"type": "subscribe", "conversation_id": conversation}),
        )
        .await;
        until(&mut socket, "stream.caught_up").await;
    }
    for conversation in [&one, &two] {
        ada.ask(conversation, "Where does my data lie?").await;
        let end = until(&mut socket, "response.completed").await;
        assert_eq!(end["conversation_id"], conversation.as_str());
        assert!(end["id"].is_string());
        assert!(
            end["data"]["message"]["content"]
                .as_str()
                .unwrap()
                .contains("All data lies")
        );
    }
    // A cursor catches up.
    let mut late = opened(&ada).await;
    say(
        &mut late,
        json!({"type": "subscribe", "conversation_id": one, "after": 0}),
    )
    .await;
    until(&mut late, "message.posted").await;
    say(
        &mut late,
        json!({"type": "unsubscribe", "conversation_id": one}),
    )
    .await;
    say(&mut late, json!({"type": "ping"})).await;
    until(&mut late, "pong").await;
}

#[tokio::test]
async fn the_feed_and_the_log_are_followed_over_the_same_connection() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let (mut of_ada, mut of_bob) = (opened(&ada).await, opened(&bob).await);
    for (socket, channel) in [(&mut of_ada, "events"), (&mut of_bob, "feed")] {
        say(socket, json!({"type": "subscribe", "channel": channel})).await;
        let caught_up = until(socket, "stream.caught_up").await;
        assert_eq!(caught_up["channel"], channel);
    }
    let hers = ada.conversation().await;
    let his = bob.conversation().await;
    // The log has both, the feed of a person what is theirs.
    for id in [&hers, &his] {
        let event = until(&mut of_ada, "event").await;
        assert_eq!(event["data"]["event_type"], "conversation_started");
        assert_eq!(event["data"]["aggregate_id"], id.as_str());
    }
    let event = until(&mut of_bob, "event").await;
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
        say(&mut of_bob, message.clone()).await;
        let refused = until(&mut of_bob, "error").await;
        assert_eq!(refused["data"]["status"], status, "{message}");
    }
    say(
        &mut of_bob,
        json!({"type": "unsubscribe", "channel": "feed"}),
    )
    .await;
    bob.conversation().await;
    say(&mut of_bob, json!({"type": "ping"})).await;
    assert_eq!(hear(&mut of_bob).await.unwrap()["type"], "pong");
}

#[tokio::test]
async fn a_connection_ends_with_the_role_that_it_began_with() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let eve = app.person("eve").await;
    let path = format!("/users/{}", eve.id);
    let promoted = ada.patch(&path, json!({"role": "admin"})).await;
    assert_eq!(promoted.status, 200);
    let mut socket = opened(&eve).await;
    say(
        &mut socket,
        json!({"type": "subscribe", "channel": "events"}),
    )
    .await;
    until(&mut socket, "stream.caught_up").await;
    let demoted = ada.patch(&path, json!({"role": "user"})).await;
    assert_eq!(demoted.status, 200);
    let refused = until(&mut socket, "error").await;
    assert_eq!(refused["data"]["status"], 401);
    while hear(&mut socket).await.is_some() {}
    let mut again = opened(&eve).await;
    say(
        &mut again,
        json!({"type": "subscribe", "channel": "events"}),
    )
    .await;
    assert_eq!(until(&mut again, "error").await["data"]["status"], 403);
}

#[tokio::test]
async fn nothing_is_told_without_a_token_or_to_a_page_of_another_origin() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    for first in [
        json!({"type": "auth", "token": "nonsense"}),
        json!({"type": "auth", "token": ada.refresh_token}),
        json!({"type": "ping"}),
        json!(5),
    ] {
        let (mut socket, _) = connect_async(url(&app)).await.unwrap();
        say(&mut socket, first).await;
        let refused = hear(&mut socket).await.unwrap();
        assert_eq!(
            (&refused["type"], &refused["data"]["status"]),
            (&json!("error"), &json!(401))
        );
        assert_eq!(hear(&mut socket).await, None, "the connection is closed");
    }
    let mut request = url(&app).into_client_request().unwrap();
    request
        .headers_mut()
        .insert("origin", "https://evil.example".parse().unwrap());
    let Err(Error::Http(refused)) = connect_async(request).await else {
        panic!("another origin was let in");
    };
    assert_eq!(refused.status(), 403);
    let plain = ada.get("/ws").await;
    assert!(plain.status.is_client_error(), "{:?}", plain.status);
}

#[tokio::test]
async fn what_is_wrong_is_said_and_the_connection_goes_on() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let conversation = ada.conversation().await;
    let (exchange, _) = ada.ask(&conversation, "Where does my data lie?").await;
    let message = &exchange["message"]["id"];
    let mut socket = opened(&bob).await;
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
        (json!({"type": "unheard_of"}), 400),
        (json!({"type": "ping", "extra": 1}), 400),
        (json!({"type": "auth", "token": "x"}), 409),
    ] {
        say(&mut socket, message.clone()).await;
        let refused = until(&mut socket, "error").await;
        assert_eq!(refused["data"]["status"], status, "{message}");
    }
    // A cursor that the log does not have.
    let own = bob.conversation().await;
    say(
        &mut socket,
        json!({"type": "subscribe", "conversation_id": own, "after": "9-00000000"}),
    )
    .await;
    until(&mut socket, "stream.reset").await;
}

#[tokio::test]
async fn typing_is_told_to_others_and_a_session_that_ends_ends_the_connection() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let (mut here, mut there) = (opened(&ada).await, opened(&ada).await);
    for socket in [&mut here, &mut there] {
        say(
            socket,
            json!({"type": "subscribe", "conversation_id": conversation}),
        )
        .await;
        until(socket, "stream.caught_up").await;
    }
    say(
        &mut here,
        json!({"type": "typing", "conversation_id": conversation}),
    )
    .await;
    assert_eq!(
        until(&mut there, "typing").await["data"]["user_id"],
        ada.id.as_str()
    );
    ada.post("/auth/logout", json!({})).await;
    while hear(&mut there).await.is_some() {}
}

#[tokio::test]
async fn what_is_read_in_one_tab_is_read_in_the_other() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    // With a title of its own: no worker gives it one in between.
    let conversation = ada
        .post("/conversations", json!({"title": "Read"}))
        .await
        .id();
    let path = format!("/conversations/{conversation}");
    let (exchange, _) = ada.ask(&conversation, "Where does my data lie?").await;
    let (question, answer) = (
        &exchange["message"]["id"],
        &exchange["response"]["message_id"],
    );
    let before = ada.get(&path).await.body;
    let (mut here, mut there) = (opened(&ada).await, opened(&ada).await);
    for socket in [&mut here, &mut there] {
        say(
            socket,
            json!({"type": "subscribe", "conversation_id": conversation}),
        )
        .await;
        until(socket, "stream.caught_up").await;
    }
    say(&mut here, json!({"type": "read", "message_id": answer})).await;
    for socket in [&mut here, &mut there] {
        let moved = until(socket, "read_marker.moved").await;
        assert_eq!(
            (&moved["data"]["message_id"], &moved["data"]["user_id"]),
            (answer, &json!(ada.id))
        );
        assert!(moved["id"].is_string(), "the frame is durable: {moved}");
    }
    // An older tab that says later what it has seen takes nothing back.
    say(&mut there, json!({"type": "read", "message_id": question})).await;
    say(&mut there, json!({"type": "ping"})).await;
    until(&mut there, "pong").await;
    let after = ada.get(&path).await.body;
    assert_eq!(&after["last_read_message_id"], answer);
    assert_eq!(
        after["updated_at"], before["updated_at"],
        "a list does not move by reading"
    );
    // Found in the log by who comes later.
    let mut late = opened(&ada).await;
    say(
        &mut late,
        json!({"type": "subscribe", "conversation_id": conversation, "after": 0}),
    )
    .await;
    let found = until(&mut late, "read_marker.moved").await;
    assert_eq!(&found["data"]["message_id"], answer);
}
