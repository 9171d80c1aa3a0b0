//! The event feed of a user, as pages and as a stream.

use std::collections::BTreeSet;

use domain::Subject;
use domain::conversation::EraseConversation;
use eventstore::Execution;
use eventstore::command::{Context, step};
use futures_util::Stream;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::examples::Recorder;
use crate::feature::{Feature, Recording, Rules};
use crate::rights::Rule;
use crate::test_app::{Frame, Person, TestApp, next};

pub struct Feed;

impl Feature for Feed {
    fn rules(&self) -> Rules {
        &[(Rule::ANYONE, &["getFeed"])]
    }

    fn record<'a>(&'a self, recorder: &'a mut Recorder<'_>) -> Recording<'a> {
        Box::pin(async move {
            recorder.call("getFeed", recorder.user(&[])).await;
            let from_start = recorder.user(&[]).with_query("?after=0");
            recorder.stream("getFeed", from_start).await;
        })
    }
}

/// Reads all events of a feed, page by page.
async fn pages(person: &Person<'_>, limit: usize) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = person.get(&format!("/feed?limit={limit}{cursor}")).await;
        assert_eq!(page.status, 200, "{page:?}");
        all.extend(page.body["items"].as_array().unwrap().iter().cloned());
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

async fn stream<'a>(
    person: &Person<'a>,
    query: &str,
    last: Option<&str>,
) -> impl Stream<Item = Frame> + Unpin + use<'a> {
    Box::pin(person.frames(&format!("/feed{query}"), last).await)
}

fn names(events: &[Value]) -> Vec<&str> {
    events
        .iter()
        .map(|event| event["event_type"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn the_feed_has_the_own_events_in_order_and_no_others() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let (of_ada, of_bob) = (ada.conversation().await, bob.conversation().await);
    ada.ask(&of_ada, "Where is my data stored?").await;
    bob.ask(&of_bob, "What is a secret of Bob's?").await;
    let mine = bob.post("/assistants", json!({"name": "Mine"})).await.id();
    let open = json!({"name": "Everyone's", "visibility": "everyone"});
    let hers = ada.post("/assistants", open).await.id();
    let feed = pages(&bob, 3).await;
    let positions: Vec<i64> = feed
        .iter()
        .map(|event| event["position"].as_i64().unwrap())
        .collect();
    assert!(positions.is_sorted_by(|a, b| a < b), "{positions:?}");
    let own: BTreeSet<&str> = feed
        .iter()
        .map(|event| event["aggregate_type"].as_str().unwrap())
        .collect();
    assert_eq!(
        own,
        BTreeSet::from(["assistant", "conversation", "response", "user"])
    );
    for wanted in [
        "user_registered",
        "session_started",
        "conversation_started",
        "message_posted",
        "response_completed",
        "assistant_created",
    ] {
        assert!(names(&feed).contains(&wanted), "{wanted}: {feed:?}");
    }
    let text = serde_json::to_string(&feed).unwrap();
    assert!(text.contains("What is a secret of Bob's?"), "decrypted");
    assert!(text.contains(&mine) && text.contains(&of_bob));
    for other in [of_ada.as_str(), &ada.id, "Where is my data stored?", &hers] {
        assert!(!text.contains(other), "Bob must not read {other}");
    }
    // Administrators do not see chats of others either.
    let text = serde_json::to_string(&pages(&ada, 200).await).unwrap();
    assert!(text.contains("Where is my data stored?") && !text.contains("secret of Bob"));
    // The address of the client stays encrypted.
    let posted = feed.iter().find(|e| e["event_type"] == "message_posted");
    let metadata = &posted.unwrap()["metadata"];
    assert_eq!(metadata["actor"]["id"], bob.id.as_str());
    assert!(metadata["address"]["$sealed"].is_object());
}

#[tokio::test]
async fn the_feed_stream_matches_the_pages_and_resumes_without_gaps() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let mut now = stream(&bob, "", None).await;
    let caught_up = next(&mut now, "stream.caught_up").await;
    let conversation = bob.conversation().await;
    ada.conversation().await;
    bob.ask(&conversation, "Where is my data stored?").await;
    let mut live = Vec::new();
    loop {
        let frame = next(&mut now, "event").await;
        let last = frame.data["event_type"] == "response_completed";
        live.push(frame);
        if last {
            break;
        }
    }
    assert_eq!(live[0].data["event_type"], "conversation_started");
    let all = pages(&bob, 200).await;
    let is_listed = |frame: &Frame| all.contains(&frame.data);
    assert!(live.iter().all(is_listed), "{live:?} in {all:?}");
    // Again from the first cursor, and from the middle.
    let mut again = stream(&bob, "", Some(&caught_up.id)).await;
    for frame in &live {
        let repeated = next(&mut again, "event").await;
        assert_eq!((&repeated.id, &repeated.data), (&frame.id, &frame.data));
    }
    let mut rest = stream(&bob, "", Some(&live[1].id)).await;
    assert_eq!(next(&mut rest, "event").await.id, live[2].id);
    // From the beginning.
    let mut whole = stream(&bob, "?after=0", None).await;
    for event in &all {
        assert_eq!(&next(&mut whole, "event").await.data, event);
    }
    let page = bob.get(&format!("/feed?after={}", live[1].id)).await;
    assert_eq!(page.body["items"][0], live[2].data);
}

#[tokio::test]
async fn suspending_a_user_closes_the_feed() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let mut frames = stream(&bob, "", None).await;
    next(&mut frames, "stream.caught_up").await;
    let path = format!("/users/{}", bob.id);
    let suspended = ada.patch(&path, json!({"suspended": true})).await;
    assert_eq!(suspended.status, 200);
    assert_eq!(
        next(&mut frames, "stream.closed").await.data["reason"],
        "unauthorized"
    );
}

#[tokio::test]
async fn unknown_cursors_are_reported() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    for cursor in ["999999", "1-00000000"] {
        let page = ada.get(&format!("/feed?after={cursor}")).await;
        assert_eq!(page.code(), (400, "invalid"), "{page:?}");
        assert_eq!(page.body["errors"][0]["code"], "unknown_cursor");
        let mut frames = stream(&ada, &format!("?after={cursor}"), None).await;
        next(&mut frames, "stream.reset").await;
        next(&mut frames, "stream.caught_up").await;
    }
    for wrong in ["after=x", "limit=0", "limit=201", "cursor=x", "kind=user"] {
        let page = ada.get(&format!("/feed?{wrong}")).await;
        assert!(
            matches!(page.status.as_u16(), 400 | 422),
            "{wrong}: {page:?}"
        );
    }
}

#[tokio::test]
async fn erased_text_is_marked_as_erased() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation: Uuid = ada.conversation().await.parse().unwrap();
    ada.ask(&conversation.to_string(), "Where is my data stored?")
        .await;
    let subject = Subject::new("conversation", conversation);
    let erase = step(conversation, None, EraseConversation { actor: None });
    let execution =
        Execution::new(Context::system("test"), vec![erase]).with_key_destruction(&subject);
    let me: Uuid = ada.id.parse().unwrap();
    app.app.execute(me, execution).await.unwrap();
    app.app.keys.forget(&subject);
    let feed = pages(&ada, 200).await;
    let of = |name: &str| feed.iter().find(|event| event["event_type"] == name);
    assert_eq!(
        of("message_posted").unwrap()["payload"]["content"],
        "[erased]"
    );
    assert!(of("conversation_erased").is_some());
    let text = serde_json::to_string(&feed).unwrap();
    assert!(!text.contains("Where is my data stored?"), "{text}");
}

#[tokio::test]
async fn the_feed_omits_file_keys_and_passages() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let base = ada
        .post("/knowledge-bases", json!({"name": "Handbook"}))
        .await
        .id();
    let path = format!("/knowledge-bases/{base}/documents");
    let document = ada.upload(&path, "rules.txt", b"Rules.").await.id();
    crate::documents::process_any(&ada, &document).await;
    let page = ada.get("/feed?limit=200").await;
    let events = page.body["items"].as_array().unwrap();
    let of = |name: &str| {
        let found = events.iter().find(|event| event["event_type"] == name);
        found.unwrap_or_else(|| panic!("{name} in {events:?}"))["payload"].clone()
    };
    let uploaded = of("file_uploaded");
    assert_eq!(uploaded["name"], "rules.txt");
    assert_eq!(uploaded.get("content_key"), None);
    assert_eq!(of("passages_added"), json!({"attempt": 1}));
    assert_eq!(of("document_added")["name"], "rules.txt");
}
