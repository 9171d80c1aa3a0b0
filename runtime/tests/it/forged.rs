//! An attacker who can publish on NATS can wake processes but change nothing.

use std::time::Duration;

use eventstore::Nats;
use eventstore::{Feed, RecordedEvent, log};
use runtime::live::{self, DeltaKind, Live, LiveFrame};
use runtime::relay;
use runtime::typing::TypingNotice;
use serde_json::{Value, json};
use testing::{NatsClient, NatsServer};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::fixture::{Fixture, LOG_ID};

const PATIENCE: Duration = Duration::from_mins(1);

async fn nats(fixture: &Fixture, server: &NatsServer) -> Nats {
    Nats::connect(&server.url(), &fixture.keys).await.unwrap()
}

async fn relayed(fixture: &Fixture, server: &NatsServer) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    let nats = nats(fixture, server).await;
    let (pool, feed) = (fixture.pool.clone(), fixture.feed.clone());
    tasks.spawn(relay::run(pool, fixture.log, feed, nats));
    tasks
}

async fn start_feed(fixture: &Fixture, server: &NatsServer) -> Feed {
    let nats = nats(fixture, server).await;
    let (pool, log) = (fixture.pool.clone(), fixture.log);
    Feed::start(pool, log, Some(nats)).await.unwrap().0
}

/// The next event that the stranger receives.
async fn next_event(stranger: &mut NatsClient) -> RecordedEvent {
    let hearing = async {
        loop {
            let overheard = stranger.next().await;
            if overheard.subject.starts_with("convosphere.events.") {
                let line: Value = serde_json::from_slice(&overheard.body).unwrap();
                return RecordedEvent::from_line(&line).unwrap();
            }
        }
    };
    tokio::time::timeout(PATIENCE, hearing).await.unwrap()
}

/// Publishes an event as the relay does, with a hash that continues the chain.
async fn forge(stranger: &mut NatsClient, mut event: RecordedEvent, previous: &RecordedEvent) {
    event.position = previous.position + 1;
    event.hash = event
        .expected_hash(&eventstore::Log::from_id(LOG_ID), &previous.hash)
        .to_vec();
    let source = format!("/convosphere/{LOG_ID}");
    let id = event.event_id.to_string();
    let headers = [("ce-source", source.as_str()), ("Nats-Msg-Id", &id)];
    let subject = format!("convosphere.events.user.{}", event.event_type);
    let body = event.to_line().to_string();
    stranger.publish(&subject, &headers, body.as_bytes()).await;
}

fn promotion(of: &RecordedEvent, n: usize) -> RecordedEvent {
    RecordedEvent {
        event_id: Uuid::now_v7(),
        sequence: of.sequence + 1,
        event_type: ["role_changed", "user_suspended", "password_changed"][n % 3].into(),
        metadata: r#"{"actor":{"kind":"system","id":"x"}}"#.into(),
        payload: [r#"{"role":"admin"}"#, "{}", "not even JSON"][n / 3 % 3].into(),
        ..of.clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_event_that_continues_the_chain_is_ignored() {
    let (fixture, server) = (Fixture::new().await, NatsServer::start());
    let _relay = relayed(&fixture, &server).await;
    let mut feed = start_feed(&fixture, &server).await;
    let mut stranger = NatsClient::connect(&server.url()).await;
    // Relay and feed are running: events are on the bus and in the feed's memory.
    fixture.register(Uuid::now_v7()).await;
    let mut last = {
        let relaying = async {
            loop {
                fixture.register(Uuid::now_v7()).await;
                let told = next_event(&mut stranger);
                if let Ok(told) = tokio::time::timeout(Duration::from_secs(1), told).await {
                    return told;
                }
            }
        };
        tokio::time::timeout(PATIENCE, relaying).await.unwrap()
    };
    let head = fixture.log.head(&fixture.pool).await.unwrap();
    while last.position < head.0 {
        last = next_event(&mut stranger).await;
    }
    assert_eq!(last.hash, head.1);
    feed.wait_for_position(last.position - 1).await;
    for n in 0..30 {
        forge(&mut stranger, promotion(&last, n), &last).await;
        // It is on the bus and in the stream that the feed consumes.
        while next_event(&mut stranger).await.position != last.position + 1 {}
        let (heard, stored) = (
            feed.read_cached(last.position, 10),
            feed.read(last.position, 10),
        );
        assert_eq!((heard, stored.await.unwrap()), (None, vec![]));
        assert_eq!(feed.head(), last.position);
    }
    // The feed has the genuine event at that position.
    let position = fixture.register(Uuid::now_v7()).await.position;
    assert_eq!(position, last.position + 1);
    feed.wait_for_position(last.position).await;
    let stored = log::read(&fixture.pool, last.position, 10).await.unwrap();
    assert_eq!(feed.read(last.position, 10).await.unwrap(), stored);
    assert_eq!(feed.epoch(), 0);
}

async fn connected(fixture: &Fixture, server: &NatsServer) -> (Live, JoinSet<()>) {
    let live = Live::default();
    let tasks = live::connect(&nats(fixture, server).await, &live, Uuid::now_v7());
    (live, tasks)
}

/// Messages that a stranger may publish on a conversation's subject, with observed ids.
fn forgeries(conversation: Uuid, response: Uuid) -> Vec<Vec<u8>> {
    let origin = Uuid::new_v4();
    let said = |seq: u64, said: &str| json!({"origin": origin, "response_id": response, "seq": seq, "said": said, "text": "forged", "reasoning": "forged"});
    let mut bodies: Vec<Vec<u8>> = [1, 2, 3, 1_000]
        .iter()
        .flat_map(|seq| ["text", "reasoning", "snapshot"].map(|kind| said(*seq, kind)))
        .map(|body| body.to_string().into_bytes())
        .collect();
    bodies.extend([
        vec![],
        vec![0; 23],
        vec![0; 24],
        vec![0; 40],
        vec![7; 4_000],
    ]);
    bodies.push(conversation.to_string().into_bytes());
    bodies
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_can_neither_read_nor_forge_running_answers() {
    let (fixture, server) = (Fixture::new().await, NatsServer::start());
    let (speaking, _speaking) = connected(&fixture, &server).await;
    let (listening, _listening) = connected(&fixture, &server).await;
    // Another installation on the same bus with the same log id.
    let other = Fixture::new().await;
    let (foreign, _foreign) = connected(&other, &server).await;
    let mut stranger = NatsClient::connect(&server.url()).await;
    let (conversation, response) = (Uuid::now_v7(), Uuid::now_v7());
    let deltas = format!("convosphere.deltas.{conversation}");
    let elsewhere = Uuid::now_v7();
    let (_, mut heard) = listening.subscribe(conversation);
    let (_, mut heard_elsewhere) = listening.subscribe(elsewhere);
    let (_, mut heard_by_others) = foreign.subscribe(conversation);
    let (mut said, mut text) = (String::new(), String::new());
    let mut sealed = 0;
    let trying = async {
        while sealed < 20 || text.len() < 200 {
            said.push_str("secret ");
            speaking.publish(conversation, (response, 1), DeltaKind::Text, "secret ");
            for body in forgeries(conversation, response) {
                stranger.publish(&deltas, &[], &body).await;
            }
            // Replayed unchanged, and on another subject.
            let overheard = stranger.next().await;
            let readable = String::from_utf8_lossy(&overheard.body).into_owned();
            assert!(!readable.contains("secret"), "{overheard:?}");
            if overheard.subject == deltas && !readable.contains("forged") {
                sealed += 1;
                stranger.publish(&deltas, &[], &overheard.body).await;
                let subject = format!("convosphere.deltas.{elsewhere}");
                stranger.publish(&subject, &[], &overheard.body).await;
            }
            while let Ok(piece) = heard.try_recv() {
                match piece {
                    LiveFrame::Snapshot(snapshot) => {
                        assert_eq!(snapshot.reasoning, "");
                        text.clone_from(&snapshot.text);
                    }
                    LiveFrame::Delta(delta) => {
                        assert_eq!(delta.kind, DeltaKind::Text);
                        text.push_str(&delta.text);
                    }
                }
                assert!(said.starts_with(&text), "{text}");
            }
        }
    };
    tokio::time::timeout(PATIENCE, trying).await.unwrap();
    assert!(heard_elsewhere.try_recv().is_err());
    assert!(heard_by_others.try_recv().is_err());
    assert_eq!(foreign.subscribe(conversation).0, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_cannot_request_a_running_answer() {
    let (fixture, server) = (Fixture::new().await, NatsServer::start());
    let (speaking, _speaking) = connected(&fixture, &server).await;
    let (listening, _listening) = connected(&fixture, &server).await;
    let mut stranger = NatsClient::connect(&server.url()).await;
    let (conversation, response) = (Uuid::now_v7(), Uuid::now_v7());
    let (ask, deltas) = (
        format!("convosphere.ask.{conversation}"),
        format!("convosphere.deltas.{conversation}"),
    );
    speaking.publish(conversation, (response, 1), DeltaKind::Text, "secret");
    for body in ["", "{}", &conversation.to_string()] {
        for _ in 0..50 {
            stranger.publish(&ask, &[], body.as_bytes()).await;
        }
    }
    // Requests are answered in order: once the genuine one is, earlier ones have been handled.
    let asking = async {
        loop {
            let (known, _heard) = listening.subscribe(conversation);
            if known
                .iter()
                .any(|snapshot| snapshot.text.contains("secret"))
            {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, asking).await.unwrap();
    speaking.publish(conversation, (response, 1), DeltaKind::Text, "last");
    let (mut answers, mut honest) = (0, 0);
    let counting = async {
        while answers < 2 || honest == 0 {
            let overheard = stranger.next().await;
            answers += usize::from(overheard.subject == deltas);
            honest += usize::from(overheard.subject == ask && overheard.body.len() > 40);
        }
    };
    tokio::time::timeout(PATIENCE, counting).await.unwrap();
    // One reply per genuine request, and the two deltas.
    assert!(answers <= honest + 2, "{answers} for {honest}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_cannot_forge_typing_notices() {
    let (fixture, server) = (Fixture::new().await, NatsServer::start());
    let (here, _here) = connected(&fixture, &server).await;
    let (there, _there) = connected(&fixture, &server).await;
    let mut stranger = NatsClient::connect(&server.url()).await;
    let typing = |user: u128| TypingNotice {
        conversation_id: Uuid::from_u128(1),
        user_id: Uuid::from_u128(user),
        connection_id: Uuid::from_u128(3),
    };
    let forged = json!({"origin": Uuid::new_v4(), "typing": typing(666)}).to_string();
    let mut heard = there.typing.subscribe();
    let trying = async {
        let mut notes = 0;
        while notes < 10 {
            stranger
                .publish("convosphere.typing", &[], forged.as_bytes())
                .await;
            here.typing.publish(typing(2));
            let overheard = stranger.next().await;
            let readable = String::from_utf8_lossy(&overheard.body).into_owned();
            assert!(!readable.contains(&typing(2).user_id.to_string()));
            while let Ok(note) = heard.try_recv() {
                assert_eq!(note, typing(2));
                notes += 1;
            }
        }
    };
    tokio::time::timeout(PATIENCE, trying).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_relay_continues_after_a_stranger_wrote_into_its_stream() {
    let (fixture, server) = (Fixture::new().await, NatsServer::start());
    let _relay = relayed(&fixture, &server).await;
    let mut stranger = NatsClient::connect(&server.url()).await;
    let strange: [&[(&str, &str)]; 3] = [
        &[],
        &[("ce-source", "/convosphere/elsewhere")],
        &[(
            "ce-source",
            "/convosphere/3f2b8c1e-5d0a-4c7b-9e61-2a8f40d7c915",
        )],
    ];
    for headers in strange {
        stranger
            .publish("convosphere.events.user.x", headers, b"{}")
            .await;
        // Events appended after the stranger's message are published again.
        let position = fixture.register(Uuid::now_v7()).await.position;
        let going_on = async {
            loop {
                let last = fixture.register(Uuid::now_v7()).await.position;
                let told = async {
                    loop {
                        let overheard = stranger.next().await;
                        let line: Value =
                            serde_json::from_slice(&overheard.body).unwrap_or_default();
                        if line["position"]
                            .as_i64()
                            .is_some_and(|told| told >= position && told <= last)
                        {
                            return;
                        }
                    }
                };
                if tokio::time::timeout(Duration::from_secs(1), told)
                    .await
                    .is_ok()
                {
                    return;
                }
            }
        };
        tokio::time::timeout(PATIENCE, going_on).await.unwrap();
    }
}
