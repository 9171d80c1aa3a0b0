//! Statistics, compared with counts of the log.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::examples::Recorder;
use crate::feature::{Feature, Recording, Rules};
use crate::rights::Rule;
use crate::test_app::{PATIENCE, Person, TestApp, TestOptions, next};

pub struct Analytics;

/// The performance of one assistant belongs to the assistants.
const STATISTICS: &[&str] = &[
    "getOverview",
    "getUsage",
    "getModelUsage",
    "getAssistantUsage",
];

impl Feature for Analytics {
    fn rules(&self) -> Rules {
        &[(Rule::ADMINISTRATORS, STATISTICS)]
    }

    fn record<'a>(&'a self, recorder: &'a mut Recorder<'_>) -> Recording<'a> {
        Box::pin(async move {
            let assistant = recorder.ids["assistant"].clone();
            recorder
                .call("getAssistantPerformance", recorder.user(&[&assistant]))
                .await;
            for operation in STATISTICS {
                recorder.call(operation, recorder.admin(&[])).await;
            }
        })
    }
}

/// The number of events of a type in the log.
async fn recount(admin: &Person<'_>, event_type: &str) -> usize {
    let path = format!("/events?limit=200&event_type={event_type}");
    let page = admin.get(&path).await.body;
    assert_eq!(page["next_cursor"], Value::Null, "one page is enough");
    page["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn overview_numbers_match_the_log() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let (of_ada, of_bob) = (ada.conversation().await, bob.conversation().await);
    ada.ask(&of_ada, "Where is my data stored?").await;
    bob.ask(&of_bob, "How do I connect a model?").await;
    let note = json!({"content": "a note", "respond": false});
    bob.post(&format!("/conversations/{of_bob}/messages"), note)
        .await;
    let head = app.app.feed.head();
    assert!(app.app.progress.wait_for(head, PATIENCE).await.unwrap() >= head);
    let overview = ada.get("/analytics/overview").await;
    assert_eq!(overview.status, 200, "{overview:?}");
    let number = |name: &str| usize::try_from(overview.body[name].as_u64().unwrap()).unwrap();
    let registered = recount(&ada, "user_registered").await;
    let claimed = recount(&ada, "local_user_claimed").await;
    assert_eq!(number("users"), registered, "{claimed} claimed");
    assert_eq!(
        number("conversations"),
        recount(&ada, "conversation_started").await
    );
    let messages = recount(&ada, "message_posted").await + recount(&ada, "answer_added").await;
    assert_eq!(number("messages"), messages);
    let mut ended = 0;
    for end in ["completed", "failed", "interrupted", "cancelled"] {
        ended += recount(&ada, &format!("response_{end}")).await;
    }
    let open = recount(&ada, "response_requested").await - ended;
    assert_eq!(number("running_responses"), open);
    let sessions = ada
        .get("/events?limit=200&event_type=session_started")
        .await;
    let people: BTreeSet<&str> = sessions.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["aggregate_id"].as_str().unwrap())
        .collect();
    assert_eq!(number("active_users"), people.len());
    assert!(
        overview.body["response_time"]["median_ms"]
            .as_f64()
            .is_some_and(|time| time > 0.0)
    );
    let machine = &overview.body["machine"];
    let bytes = |name: &str| machine[name].as_u64().unwrap();
    assert!(bytes("process_memory_bytes") > 0);
    assert!(bytes("memory_bytes") < bytes("memory_total_bytes"));
    // Callers see their own writes at once.
    ada.conversation().await;
    let after = ada.get("/analytics/overview").await.body;
    assert_eq!(
        after["conversations"].as_u64().unwrap(),
        u64::try_from(number("conversations")).unwrap() + 1
    );
}

/// Counts runs and tokens in the log, grouped by a field of the request.
async fn recount_runs(admin: &Person<'_>, key: &str) -> BTreeMap<String, [u64; 4]> {
    let page = |event_type: &str| format!("/events?limit=200&event_type={event_type}");
    let mut keys = BTreeMap::new();
    let mut sums: BTreeMap<String, [u64; 4]> = BTreeMap::new();
    let requested = admin.get(&page("response_requested")).await.body;
    for event in requested["items"].as_array().unwrap() {
        let name = match key {
            "day" => event["recorded_at"].as_str().unwrap()[..10].to_owned(),
            key => event["payload"][key].as_str().unwrap().to_owned(),
        };
        keys.insert(
            event["aggregate_id"].as_str().unwrap().to_owned(),
            name.clone(),
        );
        sums.entry(name).or_default()[0] += 1;
    }
    for (place, end) in [(1, "response_completed"), (1, "response_failed")] {
        let ended = admin.get(&page(end)).await.body;
        for event in ended["items"].as_array().unwrap() {
            let name = &keys[event["aggregate_id"].as_str().unwrap()];
            let sums = sums.get_mut(name).unwrap();
            sums[place] += u64::from(end == "response_completed");
            for (place, field) in [(2, "input_tokens"), (3, "output_tokens")] {
                sums[place] += event["payload"]["usage"][field].as_u64().unwrap();
            }
        }
    }
    sums
}

/// The same counts as reported by the API, without unused entries.
async fn reported_usage(admin: &Person<'_>, path: &str) -> BTreeMap<String, [u64; 4]> {
    let usage = admin.get(path).await;
    assert_eq!(usage.status, 200, "{usage:?}");
    let items = usage.body["items"].as_array().unwrap().clone();
    let used = items.iter().filter(|item| item["responses"] != 0);
    used.map(|item| {
        let number = |field: &str| item[field].as_u64().unwrap();
        let fields = ["responses", "completed", "input_tokens", "output_tokens"];
        (item["key"].as_str().unwrap().to_owned(), fields.map(number))
    })
    .collect()
}

#[tokio::test]
async fn usage_by_day_model_assistant_and_user_matches_the_log() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let (of_ada, of_bob) = (ada.conversation().await, bob.conversation().await);
    ada.ask(&of_ada, "Where is my data stored?").await;
    ada.ask(&of_ada, "How do I stop an answer?").await;
    bob.ask(&of_bob, "How do I connect a model?").await;
    let head = app.app.feed.head();
    assert!(app.app.progress.wait_for(head, PATIENCE).await.unwrap() >= head);
    for (path, key) in [
        ("/analytics/usage", "day"),
        ("/analytics/usage?by=user", "requested_by"),
        ("/analytics/models", "model"),
        ("/analytics/assistants", "assistant_id"),
    ] {
        let counted = recount_runs(&ada, key).await;
        assert_eq!(reported_usage(&ada, path).await, counted, "{path}");
        assert!(counted.values().all(|sums| sums.iter().all(|sum| *sum > 0)));
    }
    let users = ada.get("/analytics/usage?by=user").await.body;
    assert_eq!(users["items"][0]["responses"], 2);
    assert_eq!(users["items"][0]["name"], "Admin");
    assert!(users["items"][0]["p95_seconds"].as_f64().unwrap() >= 0.0);
    // Usage stays counted after all text of a user is erased.
    let before = reported_usage(&ada, "/analytics/models").await;
    let me = bob.get("/users/me").await.id();
    let begun = ada.delete(&format!("/users/{me}")).await;
    assert_eq!(begun.status, 202, "{begun:?}");
    let stream = format!("/jobs/{}/stream", begun.id());
    let mut job = Box::pin(ada.frames(&stream, None).await);
    next(&mut job, "job.ended").await;
    let head = app.app.feed.head();
    assert!(app.app.progress.wait_for(head, PATIENCE).await.unwrap() >= head);
    assert_eq!(reported_usage(&ada, "/analytics/models").await, before);
}

#[tokio::test]
async fn usage_is_for_administrators_over_a_limited_range_of_days() {
    let app = TestApp::with(TestOptions {
        now: "2024-03-01T23:59:59Z".parse().ok(),
        ..TestOptions::default()
    })
    .await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    assert_eq!(bob.get("/analytics/usage").await.status, 403);
    let usual = ada.get("/analytics/usage").await.body;
    assert_eq!(usual["items"].as_array().unwrap().len(), 30);
    assert_eq!(
        (&usual["from"], &usual["until"]),
        (&json!("2024-02-01"), &json!("2024-03-01"))
    );
    app.app.clock.advance(TimeDelta::seconds(1));
    let next_day = ada.get("/analytics/usage").await.body;
    assert_eq!(next_day["until"], "2024-03-02");
    let leap = ada
        .get("/analytics/usage?from=2024-02-28&until=2024-03-01")
        .await;
    let days: Vec<&str> = leap.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["key"].as_str().unwrap())
        .collect();
    assert_eq!(days, ["2024-02-28", "2024-02-29", "2024-03-01"]);
    for query in [
        "from=2024-03-02&until=2024-03-01",
        "from=2020-01-01&until=2024-01-01",
        "from=yesterday",
        "by=mood",
    ] {
        let refused = ada.get(&format!("/analytics/usage?{query}")).await;
        assert_eq!(refused.status, 422, "{query}: {refused:?}");
    }
}
