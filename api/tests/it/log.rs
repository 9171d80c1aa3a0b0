use serde_json::json;

use crate::cases::World;
use crate::examples::Recorder;
use crate::feature::{Feature, NewCase, Recording, Rules};
use crate::rights::Rule;
use crate::test_app::{TestApp, next, send};

pub struct Log;

impl Feature for Log {
    fn rules(&self) -> Rules {
        &[(
            Rule::ADMINISTRATORS,
            &[
                "listEvents",
                "streamEvents",
                "verifyEvents",
                "listProjections",
                "listParked",
                "retryParked",
                "rebuildProjection",
            ],
        )]
    }

    fn case<'a>(&'a self, world: &'a World<'a>, operation: &'a str) -> NewCase<'a> {
        Box::pin(async move {
            Some(match operation {
                "verifyEvents" => world.request(operation, &[]),
                "listParked" | "rebuildProjection" => world.request(operation, &["users"]),
                _ => return None,
            })
        })
    }

    fn record<'a>(&'a self, recorder: &'a mut Recorder<'_>) -> Recording<'a> {
        Box::pin(async move {
            recorder.call("listEvents", recorder.admin(&[])).await;
            let from_start = recorder.admin(&[]).with_query("?after=0");
            recorder.stream("streamEvents", from_start).await;
            recorder.call("listProjections", recorder.admin(&[])).await;
            for operation in ["listParked", "rebuildProjection"] {
                recorder.call(operation, recorder.admin(&["users"])).await;
            }
        })
    }
}

#[tokio::test]
async fn administrators_read_the_log_without_personal_text() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let bob = app.person("bob").await;
    let conversation = bob.conversation().await;
    let reason = bob
        .request(
            reqwest::Method::POST,
            &format!("/conversations/{conversation}/messages"),
        )
        .header("ConvoSphere-Reason", "my secret reason")
        .json(&json!({"content": "my secret canary", "respond": false}));
    assert_eq!(reason.send().await.unwrap().status(), 201);
    let mut after = 0;
    let mut whole = String::new();
    loop {
        let page = admin
            .get(&format!("/events?limit=3&after={after}"))
            .await
            .body;
        let items = page["items"].as_array().unwrap();
        let Some(last) = items.last() else { break };
        after = last["position"].as_i64().unwrap();
        whole.push_str(&page.to_string());
    }
    assert!(after > 5 && whole.contains("message_posted") && whole.contains("$sealed"));
    for secret in ["secret", "bob@example.org", "admin@example.org"] {
        assert!(!whole.contains(secret), "{secret}");
    }
    assert_eq!(
        admin
            .get(&format!("/conversations/{conversation}"))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn read_models_report_their_position() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let items = admin.get("/projections").await.body["items"].clone();
    let names: Vec<&str> = items
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["name"].as_str().unwrap())
        .collect();
    let projectors = projections::projectors();
    let mut expected: Vec<&str> = projectors.iter().map(|p| p.name()).collect();
    expected.sort_unstable();
    assert_eq!(names, expected);
    assert!(names.contains(&"users"));
    assert!(items.as_array().unwrap().iter().all(|p| p["parked"] == 0));
}

#[tokio::test]
async fn events_are_filtered_by_object_and_type() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let conversation = admin.conversation().await;
    let path = format!("/conversations/{conversation}/messages");
    for _ in 0..3 {
        let body = json!({"content": "x", "respond": false});
        assert_eq!(admin.post(&path, body).await.status, 201);
    }
    let names = async |query: &str| -> Vec<String> {
        let items = admin.get(&format!("/events?{query}")).await.body["items"].clone();
        let name = |event: &serde_json::Value| event["event_type"].as_str().unwrap().to_owned();
        items.as_array().unwrap().iter().map(name).collect()
    };
    let all = names(&format!("aggregate_id={conversation}")).await;
    // The start, the title from the first message, and the messages.
    assert_eq!(all.len(), 5, "{all:?}");
    let query = format!("aggregate_id={conversation}&event_type=message_posted&limit=2");
    assert_eq!(names(&query).await, ["message_posted", "message_posted"]);
    assert_eq!(
        names("event_type=nothing_happened").await,
        Vec::<String>::new()
    );
    let refused = admin.get("/events?event_type=x'%20or%201=1").await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.body["errors"][0]["code"], "invalid_name");
}

#[tokio::test]
async fn the_log_stream_resumes_without_gaps() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let bob = app.person("bob").await;
    assert_eq!(bob.get("/events/stream").await.status, 403);
    let mut frames = Box::pin(admin.frames("/events/stream?after=0", None).await);
    let first = next(&mut frames, "event").await;
    assert_eq!(first.data["position"], 1);
    next(&mut frames, "stream.caught_up").await;
    let conversation = bob.conversation().await;
    let made = next(&mut frames, "event").await;
    assert_eq!(made.data["aggregate_id"], conversation);
    assert!(!made.data.to_string().contains("title\":\""));
    let mut again = Box::pin(admin.frames("/events/stream", Some(&first.id)).await);
    assert_eq!(next(&mut again, "event").await.data["position"], 2);
    let mut lost = Box::pin(admin.frames("/events/stream", Some("7-00000000")).await);
    next(&mut lost, "stream.reset").await;
}

#[tokio::test]
async fn parked_objects_are_listed_and_retried() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pool = &app.app.pool;
    sqlx::query("alter table view_conversations add constraint poison check (title <> 'poison')")
        .execute(pool)
        .await
        .unwrap();
    let poisoned = admin
        .post("/conversations", json!({"title": "poison"}))
        .await
        .id();
    let whole = admin.conversation().await;
    assert_eq!(
        admin.get(&format!("/conversations/{whole}")).await.status,
        200
    );
    assert_eq!(
        admin
            .get(&format!("/conversations/{poisoned}"))
            .await
            .status,
        404
    );
    let parked = admin.get("/projections/conversations/parked").await.body["items"].clone();
    assert_eq!(parked[0]["aggregate_id"], poisoned);
    let retry = format!("/projections/conversations/parked/{poisoned}/retry");
    assert_eq!(
        admin.post(&retry, json!({})).await.code(),
        (409, "still_parked")
    );
    sqlx::query("alter table view_conversations drop constraint poison")
        .execute(pool)
        .await
        .unwrap();
    assert_eq!(admin.post(&retry, json!({})).await.status, 204);
    assert_eq!(
        admin
            .get(&format!("/conversations/{poisoned}"))
            .await
            .status,
        200
    );
    assert_eq!(admin.post(&retry, json!({})).await.status, 404);
    let none = admin.get("/projections/conversations/parked").await.body["items"].clone();
    assert_eq!(none, json!([]));
}

/// Retrying does not help with undecodable events, so the error must differ from a database outage.
#[tokio::test]
async fn undecodable_events_are_not_reported_as_a_database_outage() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let id = admin.post("/groups", json!({"name": "Legal"})).await.id();
    for sql in [
        "alter table events disable trigger all",
        "update events set event_type = 'group_dreamt' where aggregate_type = 'group'",
    ] {
        sqlx::query(sql).execute(&app.app.pool).await.unwrap();
    }
    // A wrong version forces a fresh load from the log.
    let request = admin.request(reqwest::Method::DELETE, &format!("/groups/{id}"));
    let broken = send(request.header("If-Match", "\"9\"")).await;
    assert_eq!(broken.code(), (500, "log_undecodable"), "{broken:?}");
}
