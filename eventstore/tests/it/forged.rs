//! Somebody who can publish on NATS: wakes, and changes nothing.

use std::time::Duration;

use eventstore::live::{DeltaKind, Live, Said};
use eventstore::nats::{Nats, deltas, relay};
use eventstore::typing::Typing;
use eventstore::{Feed, RecordedEvent, log};
use serde_json::{Value, json};
use testing::{NatsServer, Stranger};
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

async fn hearing(fixture: &Fixture, server: &NatsServer) -> Feed {
    let nats = nats(fixture, server).await;
    let (pool, log) = (fixture.pool.clone(), fixture.log);
    Feed::start(pool, log, Some(nats)).await.unwrap().0
}

/// The next event that the stranger hears, as the bus has it.
async fn next_event(stranger: &mut Stranger) -> RecordedEvent {
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
async fn forge(stranger: &mut Stranger, mut event: RecordedEvent, previous: &RecordedEvent) {
    event.position = previous.position + 1;
    event.hash = event
        .expected_hash(&eventstore::Log::of(LOG_ID), &previous.hash)
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
async fn a_forged_event_that_continues_the_chain_is_read_by_nobody() {
    let (fixture, server) = (Fixture::new().await, NatsServer::start());
    let _relay = relayed(&fixture, &server).await;
    let mut feed = hearing(&fixture, &server).await;
    let mut stranger = Stranger::connect(&server.url()).await;
    // The relay and the hearer are there: what is appended is on the bus and in the hearer's memory.
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
    feed.beyond(last.position - 1).await;
    for n in 0..30 {
        forge(&mut stranger, promotion(&last, n), &last).await;
        // It is on the bus, and in the stream that the hearer consumes.
        while next_event(&mut stranger).await.position != last.position + 1 {}
        let (heard, stored) = (feed.heard(last.position, 10), feed.read(last.position, 10));
        assert_eq!((heard, stored.await.unwrap()), (None, vec![]));
        assert_eq!(feed.head(), last.position);
    }
    // The true event at that position is the one that is heard.
    let position = fixture.register(Uuid::now_v7()).await.position;
    assert_eq!(position, last.position + 1);
    feed.beyond(last.position).await;
    let stored = log::read(&fixture.pool, last.position, 10).await.unwrap();
    assert_eq!(feed.read(last.position, 10).await.unwrap(), stored);
    assert_eq!(feed.epoch(), 0);
}

async fn connected(fixture: &Fixture, server: &NatsServer) -> (Live, JoinSet<()>) {
    let live = Live::default();
    let tasks = deltas::connect(&nats(fixture, server).await, &live);
    (live, tasks)
}

/// What a stranger may try on the subject of a conversation, with the ids that it has seen.
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
async fn what_running_answers_say_is_neither_read_nor_forged_by_a_stranger() {
    let (fixture, server) = (Fixture::new().await, NatsServer::start());
    let (speaking, _speaking) = connected(&fixture, &server).await;
    let (listening, _listening) = connected(&fixture, &server).await;
    // Another installation on the same bus, which has given its log the same id.
    let other = Fixture::new().await;
    let (foreign, _foreign) = connected(&other, &server).await;
    let mut stranger = Stranger::connect(&server.url()).await;
    let (conversation, response) = (Uuid::now_v7(), Uuid::now_v7());
    let deltas = format!("convosphere.deltas.{conversation}");
    let elsewhere = Uuid::now_v7();
    let (_, mut heard) = listening.join(conversation);
    let (_, mut heard_elsewhere) = listening.join(elsewhere);
    let (_, mut heard_by_others) = foreign.join(conversation);
    let (mut said, mut text) = (String::new(), String::new());
    let mut sealed = 0;
    let trying = async {
        while sealed < 20 || text.len() < 200 {
            said.push_str("secret ");
            speaking.publish(conversation, (response, 1), DeltaKind::Text, "secret ");
            for body in forgeries(conversation, response) {
                stranger.publish(&deltas, &[], &body).await;
            }
            // Told again as it was, and where it was not meant.
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
                    Said::Snapshot(snapshot) => {
                        assert_eq!(snapshot.reasoning, "");
                        text.clone_from(&snapshot.text);
                    }
                    Said::Delta(delta) => {
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
    assert_eq!(foreign.join(conversation).0, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_who_asks_for_a_running_answer_gets_none() {
    let (fixture, server) = (Fixture::new().await, NatsServer::start());
    let (speaking, _speaking) = connected(&fixture, &server).await;
    let (listening, _listening) = connected(&fixture, &server).await;
    let mut stranger = Stranger::connect(&server.url()).await;
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
    // Questions are answered in order: once the honest one is, those before it would have been.
    let asking = async {
        loop {
            let (known, _heard) = listening.join(conversation);
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
    // Of each honest question one answer, and the two pieces themselves.
    assert!(answers <= honest + 2, "{answers} for {honest}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_does_not_make_people_type() {
    let (fixture, server) = (Fixture::new().await, NatsServer::start());
    let (here, _here) = connected(&fixture, &server).await;
    let (there, _there) = connected(&fixture, &server).await;
    let mut stranger = Stranger::connect(&server.url()).await;
    let typing = |user: u128| Typing {
        conversation_id: Uuid::from_u128(1),
        user_id: Uuid::from_u128(user),
        connection_id: Uuid::from_u128(3),
    };
    let forged = json!({"origin": Uuid::new_v4(), "typing": typing(666)}).to_string();
    let mut heard = there.typists.listen();
    let trying = async {
        let mut notes = 0;
        while notes < 10 {
            stranger
                .publish("convosphere.typing", &[], forged.as_bytes())
                .await;
            here.typists.tell(typing(2));
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
async fn the_relay_goes_on_after_a_stranger_wrote_into_its_stream() {
    let (fixture, server) = (Fixture::new().await, NatsServer::start());
    let _relay = relayed(&fixture, &server).await;
    let mut stranger = Stranger::connect(&server.url()).await;
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
        // Told on the bus again, as what was appended after the stranger's word.
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
