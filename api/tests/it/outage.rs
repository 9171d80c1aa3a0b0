//! Streams during database outages, with lagging views, and after loss of access.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use domain::conversation::{EraseConversation, StartConversation, UpdateConversation};
use eventstore::Execution;
use eventstore::command::{Context, step};
use futures_util::StreamExt;
use serde_json::{Value, json};
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tokio::io::copy_bidirectional;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use uuid::Uuid;

use crate::sockets::{open_socket, receive, receive_until, send_message};
use crate::test_app::{PATIENCE, Person, TestApp, TestOptions, next};

/// A connection path to the database that can be cut, as in a failover.
struct Gate {
    is_open: watch::Sender<bool>,
    /// Number of refused connections.
    refused: watch::Receiver<usize>,
    _folder: tempfile::TempDir,
}

impl Gate {
    /// Returns a pool that uses the gate, and a direct one to the same database.
    async fn open() -> (Self, PgPool, PgPool) {
        let url = testing::database_url().await;
        let straight = PgConnectOptions::from_str(&url).unwrap();
        let server = straight.get_socket().unwrap().join(".s.PGSQL.5432");
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).unwrap();
        let (is_open, open_socket) = watch::channel(true);
        let (refusing, refused) = watch::channel(0);
        tokio::spawn(forward(listener, server, open_socket, refusing));
        let through = straight.clone().socket(folder.path());
        let gate = Self {
            is_open,
            refused,
            _folder: folder,
        };
        (gate, pool(through).await, pool(straight).await)
    }

    /// Ends all connections and refuses new ones.
    fn cut(&self) {
        self.is_open.send_replace(false);
    }

    fn restore(&self) {
        self.is_open.send_replace(true);
    }

    /// Waits until this many connections were refused.
    async fn wait_for_refusals(&self, times: usize) {
        let mut refused = self.refused.clone();
        let waiting = refused.wait_for(|seen| *seen >= times);
        drop(tokio::time::timeout(PATIENCE, waiting).await.unwrap());
    }
}

async fn forward(
    listener: UnixListener,
    server: PathBuf,
    open_socket: watch::Receiver<bool>,
    refused: watch::Sender<usize>,
) {
    while let Ok((mut client, _)) = listener.accept().await {
        if !*open_socket.borrow() {
            refused.send_modify(|times| *times += 1);
            continue;
        }
        let (server, mut open_socket) = (server.clone(), open_socket.clone());
        tokio::spawn(async move {
            let mut server = UnixStream::connect(Path::new(&server)).await.unwrap();
            tokio::select! {
                _ = copy_bidirectional(&mut client, &mut server) => {}
                _ = open_socket.wait_for(|open| !*open) => {}
            }
        });
    }
}

async fn pool(options: PgConnectOptions) -> PgPool {
    PgPoolOptions::new()
        .max_connections(10)
        .acquire_timeout(Duration::from_secs(1))
        .connect_with(options)
        .await
        .unwrap()
}

/// A server whose requests and streams use a gate, while its writer, feed and views do not.
async fn start_gated() -> (Gate, TestApp) {
    let (gate, through, straight) = Gate::open().await;
    let app = TestApp::with_database(straight, Some(through), TestOptions::default()).await;
    (gate, app)
}

/// Starts a conversation in another process.
async fn start(app: &TestApp, person: &Person<'_>) -> String {
    let id = Uuid::now_v7();
    let command = StartConversation {
        conversation_id: id,
        owner_id: Uuid::parse_str(&person.id).unwrap(),
        title: None,
        assistant_id: Uuid::now_v7(),
        model: None,
        hidden: false,
    };
    let steps = vec![step(id, None, command)];
    let execution = Execution::new(Context::system("test"), steps);
    app.executor.execute(execution).await.unwrap();
    id.to_string()
}

/// Renames a conversation in another process.
async fn rename(app: &TestApp, person: &Person<'_>, conversation: &str, title: &str) {
    let id = Uuid::parse_str(conversation).unwrap();
    let command = UpdateConversation {
        conversation_id: id,
        actor: Uuid::parse_str(&person.id).unwrap(),
        title: Some(title.to_owned()),
        archived: None,
        pinned: None,
        assistant_id: None,
        model: None,
    };
    let steps = vec![step(id, None, command)];
    let execution = Execution::new(Context::system("test"), steps);
    app.executor.execute(execution).await.unwrap();
}

#[tokio::test]
async fn streams_survive_a_short_database_outage() {
    let (gate, app) = start_gated().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let path = format!("/conversations/{conversation}/stream");
    let mut frames = Box::pin(ada.frames(&path, None).await);
    next(&mut frames, "stream.caught_up").await;
    let mut socket = open_socket(&ada).await;
    let followed = json!({"type": "subscribe", "conversation_id": conversation});
    for message in [followed, json!({"type": "subscribe", "channel": "feed"})] {
        send_message(&mut socket, message).await;
        receive_until(&mut socket, "stream.caught_up").await;
    }
    for round in 0..2 {
        gate.cut();
        let before = *gate.refused.borrow();
        let title = format!("Round {round}");
        rename(&app, &ada, &conversation, &title).await;
        // Wait until the streams have failed to read it.
        gate.wait_for_refusals(before + 3).await;
        gate.restore();
        let frame = frames.next().await.unwrap();
        assert_eq!(
            (frame.kind.as_str(), &frame.data["title"]),
            ("conversation.changed", &json!(title))
        );
        let mut kinds = Vec::new();
        while kinds.len() < 2 {
            let frame = receive(&mut socket).await.unwrap();
            kinds.push(frame["type"].as_str().unwrap().to_owned());
        }
        kinds.sort();
        assert_eq!(kinds, ["conversation.changed", "event"], "no other frames");
    }
}

#[tokio::test]
async fn a_failed_subscription_names_its_topic_and_can_be_retried() {
    let (gate, app) = start_gated().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let mut socket = open_socket(&ada).await;
    gate.cut();
    let subscribe = json!({"type": "subscribe", "conversation_id": conversation, "after": 0});
    send_message(&mut socket, subscribe.clone()).await;
    let refused = receive_until(&mut socket, "error").await;
    assert_eq!(refused["conversation_id"], conversation.as_str());
    assert_eq!(refused["data"]["status"], 503);
    assert_eq!(refused["data"]["code"], "database_unavailable");
    gate.restore();
    send_message(&mut socket, subscribe).await;
    let caught_up = receive_until(&mut socket, "stream.caught_up").await;
    assert_eq!(caught_up["conversation_id"], conversation.as_str());
}

#[tokio::test]
async fn only_refused_subscriptions_name_a_topic() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let hers = ada.conversation().await;
    let mut socket = open_socket(&bob).await;
    let unknown = Uuid::now_v7().to_string();
    for (topic, value, status) in [
        ("conversation_id", hers.as_str(), 404),
        ("conversation_id", unknown.as_str(), 404),
        ("channel", "events", 403),
    ] {
        send_message(&mut socket, json!({"type": "subscribe", topic: value})).await;
        let refused = receive_until(&mut socket, "error").await;
        assert_eq!(
            (&refused[topic], &refused["data"]["status"]),
            (&json!(value), &json!(status))
        );
    }
    // With a topic, the client would assume that its stream has ended.
    send_message(
        &mut socket,
        json!({"type": "typing", "conversation_id": hers}),
    )
    .await;
    let refused = receive_until(&mut socket, "error").await;
    assert_eq!(refused["conversation_id"], Value::Null);
    for _ in 0..64 {
        let his = bob.conversation().await;
        send_message(
            &mut socket,
            json!({"type": "subscribe", "conversation_id": his}),
        )
        .await;
        receive_until(&mut socket, "stream.caught_up").await;
    }
    send_message(&mut socket, json!({"type": "subscribe", "channel": "feed"})).await;
    let refused = receive_until(&mut socket, "error").await;
    assert_eq!(
        (&refused["channel"], &refused["data"]["status"]),
        (&json!("feed"), &json!(409))
    );
}

/// Deletes a conversation from the view, as if its events were not applied yet.
async fn hide(app: &TestApp, conversation: &str) {
    let hidden = sqlx::query("delete from view_conversations where id::text = $1")
        .bind(conversation)
        .execute(&app.app.pool)
        .await
        .unwrap();
    assert_eq!(hidden.rows_affected(), 1);
}

async fn park(app: &TestApp, conversation: &str) {
    sqlx::query(
        "insert into parked_aggregates (projection, scope, position, error) values ('conversations', $1, 1, 'test')",
    )
    .bind(conversation)
    .execute(&app.app.pool)
    .await
    .unwrap();
}

#[tokio::test]
async fn a_conversation_missing_from_the_views_is_not_reported_as_not_found() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let parked = ada.conversation().await;
    let head = app.app.feed.head();
    assert!(app.app.progress.wait_for(head, PATIENCE).await.unwrap() >= head);
    hide(&app, &parked).await;
    park(&app, &parked).await;
    // Another database session blocks the view.
    let mut lock = app.app.pool.begin().await.unwrap();
    sqlx::query("lock table view_conversations in share mode")
        .execute(&mut *lock)
        .await
        .unwrap();
    let late = start(&app, &ada).await;
    for (conversation, code) in [(&parked, "parked"), (&late, "projection_behind")] {
        let mut socket = open_socket(&ada).await;
        send_message(
            &mut socket,
            json!({"type": "subscribe", "conversation_id": conversation}),
        )
        .await;
        let refused = receive_until(&mut socket, "error").await;
        assert_eq!(
            (&refused["data"]["status"], &refused["data"]["code"]),
            (&json!(503), &json!(code))
        );
        assert_eq!(refused["conversation_id"], conversation.as_str());
        let path = format!("/conversations/{conversation}/stream");
        assert_eq!(ada.get(&path).await.code(), (503, code));
        // Others do not learn that it exists.
        assert_eq!(bob.get(&path).await.code(), (404, "not_found"));
    }
    let unknown = format!("/conversations/{}/stream", Uuid::now_v7());
    assert_eq!(ada.get(&unknown).await.code(), (404, "not_found"));
}

#[tokio::test]
async fn a_stream_of_a_parked_conversation_closes_with_a_reason() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let path = format!("/conversations/{conversation}");
    let mut frames = Box::pin(ada.frames(&format!("{path}/stream"), None).await);
    next(&mut frames, "stream.caught_up").await;
    park(&app, &conversation).await;
    let posted = ada
        .post(&format!("{path}/messages"), json!({"content": "Lost?"}))
        .await;
    assert_eq!(posted.status, 201, "{posted:?}");
    let closed = next(&mut frames, "stream.closed").await;
    assert_eq!(closed.data["reason"], "parked");
}

#[tokio::test]
async fn erasing_a_conversation_closes_its_streams() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let path = format!("/conversations/{conversation}/stream");
    let mut frames = Box::pin(ada.frames(&path, None).await);
    next(&mut frames, "stream.caught_up").await;
    let id = Uuid::parse_str(&conversation).unwrap();
    let erase = step(id, None, EraseConversation { actor: None });
    let execution = Execution::new(Context::system("test"), vec![erase]);
    app.executor.execute(execution).await.unwrap();
    let closed = next(&mut frames, "stream.closed").await;
    assert_eq!(closed.data["reason"], "not_found");
}

#[tokio::test]
async fn a_rating_is_sent_to_other_tabs() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let (asked, _) = ada.ask(&conversation, "Where is my data stored?").await;
    let answer = asked["response"]["message_id"].as_str().unwrap();
    let mut other = open_socket(&ada).await;
    send_message(
        &mut other,
        json!({"type": "subscribe", "conversation_id": conversation}),
    )
    .await;
    receive_until(&mut other, "stream.caught_up").await;
    for rating in [json!("up"), json!("down"), Value::Null] {
        let path = format!("/messages/{answer}/feedback");
        assert_eq!(ada.put(&path, json!({"rating": rating})).await.status, 204);
        let frame = receive_until(&mut other, "message.posted").await;
        assert_eq!(
            (&frame["data"]["id"], &frame["data"]["feedback"]),
            (&json!(answer), &rating)
        );
    }
}
