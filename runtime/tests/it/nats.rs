use std::time::Duration;

use eventstore::Nats;
use eventstore::{Feed, Keys, log};
use runtime::live::{self, DeltaKind, Live, LiveFrame};
use runtime::relay;
use runtime::typing::TypingNotice;
use testing::NatsServer;
use tokio::task::{JoinHandle, JoinSet};
use uuid::Uuid;

use crate::fixture::{Fixture, LOG_ID};

const PATIENCE: Duration = Duration::from_mins(1);

/// Waits until a condition holds.
async fn until<T>(mut condition: impl AsyncFnMut() -> Option<T>) -> T {
    let waiting = async {
        loop {
            if let Some(found) = condition().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap()
}

async fn nats(server: &NatsServer, keys: &Keys) -> Nats {
    Nats::connect(&server.url(), keys).await.unwrap()
}

async fn start_relay(fixture: &Fixture, server: &NatsServer) -> JoinHandle<()> {
    let relay = relay::run(
        fixture.pool.clone(),
        fixture.log,
        fixture.feed.clone(),
        nats(server, &fixture.keys).await,
    );
    tokio::spawn(relay)
}

/// The feed of another process, which is woken through NATS.
async fn start_feed(fixture: &Fixture, server: &NatsServer) -> Feed {
    let nats = nats(server, &fixture.keys).await;
    Feed::start(fixture.pool.clone(), fixture.log, Some(nats))
        .await
        .unwrap()
        .0
}

async fn stream(server: &NatsServer) -> async_nats::jetstream::stream::Stream {
    let client = async_nats::connect(server.url()).await.unwrap();
    async_nats::jetstream::new(client)
        .get_stream("convosphere_events")
        .await
        .unwrap()
}

/// Appends until the other process has one of the events in memory; returns its position.
async fn wait_for_event(fixture: &Fixture, feed: &Feed) -> i64 {
    until(async || {
        let position = fixture.register(Uuid::now_v7()).await.position;
        let told = tokio::time::timeout(Duration::from_millis(500), async {
            while feed.read_cached(position - 1, 1).is_none() {
                tokio::task::yield_now().await;
            }
        });
        told.await.is_ok().then_some(position)
    })
    .await
}

#[tokio::test]
async fn another_process_receives_the_log_byte_for_byte() {
    let (fixture, server) = (Fixture::new().await, NatsServer::start());
    fixture.register(Uuid::now_v7()).await;
    let _relay = start_relay(&fixture, &server).await;
    let feed = start_feed(&fixture, &server).await;
    let first = wait_for_event(&fixture, &feed).await;
    for _ in 0..50 {
        fixture.register(Uuid::now_v7()).await;
    }
    let stored = log::read(&fixture.pool, first - 1, 100).await.unwrap();
    assert_eq!(stored.len(), 51);
    let heard = until(async || {
        feed.read_cached(first - 1, 100)
            .filter(|rows| rows.len() == 51)
    })
    .await;
    assert_eq!(heard, stored);
    // Events from before the connection come from the database.
    assert!(feed.read_cached(0, 10).is_none());
    assert_eq!(feed.read(0, 1).await.unwrap()[0].position, 1);
}

#[tokio::test]
async fn a_lost_stream_is_recovered_from_the_log() {
    let (fixture, mut server) = (Fixture::new().await, NatsServer::start());
    let _relay = start_relay(&fixture, &server).await;
    let feed = start_feed(&fixture, &server).await;
    wait_for_event(&fixture, &feed).await;
    server.restart_empty();
    wait_for_event(&fixture, &feed).await;
    // A consumer that reads on from anywhere misses nothing.
    let mut position = 0;
    loop {
        let rows = feed.read(position, 7).await.unwrap();
        let Some(last) = rows.last() else { break };
        for (row, expected) in rows.iter().zip(position + 1..) {
            assert_eq!(row.position, expected);
        }
        position = last.position;
    }
    assert_eq!(position, fixture.log.head(&fixture.pool).await.unwrap().0);
}

#[tokio::test]
async fn one_relay_leads_and_another_takes_over_without_a_gap_or_a_repeat() {
    let (fixture, server) = (Fixture::new().await, NatsServer::start());
    let first = start_relay(&fixture, &server).await;
    let feed = start_feed(&fixture, &server).await;
    wait_for_event(&fixture, &feed).await;
    let stream = stream(&server).await;
    // The events may have been polled. The relay starts an empty stream at the head of the log.
    until(async || {
        fixture.register(Uuid::now_v7()).await;
        (stream.get_info().await.unwrap().state.messages > 0).then_some(())
    })
    .await;
    let _second = start_relay(&fixture, &server).await;
    first.abort();
    for _ in 0..20 {
        fixture.register(Uuid::now_v7()).await;
    }
    let head = fixture.log.head(&fixture.pool).await.unwrap().0;
    let messages = until(async || {
        let state = stream.get_info().await.unwrap().state;
        let last = stream.get_raw_message(state.last_sequence).await.unwrap();
        let body: serde_json::Value = serde_json::from_slice(&last.payload).unwrap();
        (body["position"] == head).then_some(state.last_sequence)
    })
    .await;
    let mut expected = None;
    for sequence in 1..=messages {
        let message = stream.get_raw_message(sequence).await.unwrap();
        let body: serde_json::Value = serde_json::from_slice(&message.payload).unwrap();
        let position = body["position"].as_i64().unwrap();
        assert_eq!(position, expected.unwrap_or(position));
        expected = Some(position + 1);
    }
}

#[tokio::test]
async fn events_outside_of_the_chain_are_ignored() {
    let (fixture, server) = (Fixture::new().await, NatsServer::start());
    fixture.register(Uuid::now_v7()).await;
    let feed = start_feed(&fixture, &server).await;
    let mut forged = log::read(&fixture.pool, 0, 1).await.unwrap().remove(0);
    forged.payload = forged.payload.replace("user", "admin");
    let client = async_nats::connect(server.url()).await.unwrap();
    let mut headers = async_nats::HeaderMap::new();
    headers.insert("ce-source", format!("/convosphere/{LOG_ID}"));
    let stream = until(async || {
        let jetstream = async_nats::jetstream::new(client.clone());
        jetstream.get_stream("convosphere_events").await.ok()
    })
    .await;
    until(async || (stream.get_info().await.unwrap().state.consumer_count > 0).then_some(())).await;
    let body = forged.to_line().to_string();
    client
        .publish_with_headers(
            "convosphere.events.user.user_registered",
            headers,
            body.into(),
        )
        .await
        .unwrap();
    // A genuine event after the forged one is received, the forged one is not.
    let _relay = start_relay(&fixture, &server).await;
    let position = wait_for_event(&fixture, &feed).await;
    assert!(position > 1);
    let told = feed.read_cached(0, 1);
    assert!(told.is_none_or(|rows| rows[0].payload != forged.payload));
}

#[tokio::test]
async fn a_restored_log_is_published_again() {
    let (fixture, server) = (Fixture::new().await, NatsServer::start());
    let relay = start_relay(&fixture, &server).await;
    let feed = start_feed(&fixture, &server).await;
    let kept = wait_for_event(&fixture, &feed).await;
    wait_for_event(&fixture, &feed).await;
    relay.abort();
    // Simulates a restore with the processes running.
    for statement in [
        "alter table events disable trigger events_are_append_only",
        "delete from events where position > $1",
        "alter table events enable trigger events_are_append_only",
    ] {
        let query = sqlx::query(statement);
        let query = if statement.contains('$') {
            query.bind(kept)
        } else {
            query
        };
        query.execute(&fixture.pool).await.unwrap();
    }
    let later = Fixture::open(fixture.pool.clone()).await;
    let _relay = start_relay(&later, &server).await;
    // Until the relay publishes the new history, the old one may still be read; the hash tells them apart.
    until(async || {
        let position = later.register(Uuid::now_v7()).await.position;
        let stored = log::read(&later.pool, position - 1, 1).await.unwrap();
        (feed.read_cached(position - 1, 1) == Some(stored)).then_some(())
    })
    .await;
    let stored = log::read(&later.pool, kept, 1_000).await.unwrap();
    let read = feed.read(kept, 1_000).await.unwrap();
    assert_eq!(read, stored[..read.len()]);
    assert_eq!(read[0].position, kept + 1);
}

async fn connected(fixture: &Fixture, server: &NatsServer) -> (Live, JoinSet<()>) {
    let live = Live::default();
    let tasks = live::connect(&nats(server, &fixture.keys).await, &live, Uuid::now_v7());
    (live, tasks)
}

#[tokio::test]
async fn another_node_receives_an_answer_also_when_it_subscribes_during_it() {
    let (fixture, server) = (Fixture::new().await, NatsServer::start());
    let (speaking, _speaking) = connected(&fixture, &server).await;
    let (listening, _listening) = connected(&fixture, &server).await;
    let (conversation, response) = (Uuid::now_v7(), Uuid::now_v7());
    let say = |text: &str| speaking.publish(conversation, (response, 1), DeltaKind::Text, text);
    say("one ");
    let (_, mut heard) = listening.subscribe(conversation);
    // Text from before the subscription arrives as a snapshot, later text as deltas.
    let mut text = String::new();
    until(async || {
        say("two ");
        while let Ok(said) = heard.try_recv() {
            match said {
                LiveFrame::Snapshot(snapshot) => text.clone_from(&snapshot.text),
                LiveFrame::Delta(delta) => text.push_str(&delta.text),
            }
        }
        text.starts_with("one two two").then_some(())
    })
    .await;
    speaking.finish(conversation, response);
    listening.finish(conversation, response);
    assert_eq!(listening.subscribe(conversation).0, []);
}

#[tokio::test]
async fn typing_notices_reach_other_nodes_and_the_own_node_once() {
    let (fixture, server) = (Fixture::new().await, NatsServer::start());
    let (here, _here) = connected(&fixture, &server).await;
    let (there, _there) = connected(&fixture, &server).await;
    let typing = TypingNotice {
        conversation_id: Uuid::now_v7(),
        user_id: Uuid::now_v7(),
        connection_id: Uuid::now_v7(),
    };
    let (mut own, mut heard) = (here.typing.subscribe(), there.typing.subscribe());
    // Published repeatedly, as clients do, because the other node may not be subscribed yet.
    let note = until(async || {
        here.typing.publish(typing.clone());
        assert_eq!(own.try_recv().unwrap(), typing);
        heard.try_recv().ok()
    })
    .await;
    assert_eq!(note, typing);
    // None has been echoed by the time a notice of the other node arrives.
    let other = TypingNotice {
        connection_id: Uuid::now_v7(),
        ..typing.clone()
    };
    let next = until(async || {
        there.typing.publish(other.clone());
        own.try_recv().ok()
    })
    .await;
    assert_eq!(next, other);
}
