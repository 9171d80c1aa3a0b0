use domain::Subject;
use eventstore::log;
use eventstore::seal::vault::{self, SealContext};
use reqwest::Method;
use serde_json::{Value, json};

use crate::test_app::{TestApp, TestOptions, send};

#[tokio::test]
async fn errors_are_problems_with_the_request_id() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    for (request, status) in [
        (app.request(Method::GET, "/api/v1/nowhere"), 404),
        (app.request(Method::GET, "/nowhere"), 404),
        (app.request(Method::GET, "/manual/..%2f..%2fetc"), 404),
        (app.request(Method::DELETE, "/api/v1/setup"), 405),
        (app.request(Method::GET, "/api/v1/conversations"), 401),
        (
            app.request(Method::GET, "/api/v1/conversations")
                .header("Authorization", "Basic eDp5"),
            401,
        ),
        (
            app.request(Method::GET, "/api/v1/conversations")
                .bearer_auth("x.y.z"),
            401,
        ),
        (
            ada.request(Method::GET, "/conversations?bypass_filter=1"),
            422,
        ),
        (
            ada.request(Method::GET, "/conversations?archived=maybe"),
            422,
        ),
        (ada.request(Method::GET, "/conversations/not-an-id"), 404),
        (ada.request(Method::GET, "/conversations/%00"), 404),
        (ada.request(Method::POST, "/conversations").body("{}"), 415),
        (
            ada.request(Method::POST, "/conversations")
                .header("content-type", "text/plain")
                .body("{}"),
            415,
        ),
        (
            ada.request(Method::POST, "/conversations")
                .header("content-type", "application/json")
                .body("{"),
            400,
        ),
        (
            ada.request(Method::POST, "/conversations")
                .header("content-type", "application/json")
                .body(""),
            400,
        ),
        (
            ada.request(Method::POST, "/conversations").json(&json!([])),
            422,
        ),
        (
            ada.request(Method::POST, "/conversations")
                .json(&json!({"owner_id": ada.id})),
            422,
        ),
        (
            ada.request(Method::GET, "/conversations")
                .header("ConvoSphere-Min-Position", "-1"),
            400,
        ),
        (
            ada.request(Method::GET, "/conversations")
                .header("ConvoSphere-Min-Position", "99999999"),
            400,
        ),
    ] {
        let answer = send(request.header("X-Request-Id", "my-request")).await;
        assert_eq!(answer.status, status, "{answer:?}");
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{answer:?}"
        );
        assert_eq!(
            (answer.header("x-request-id"), &answer.body["request_id"]),
            ("my-request", &json!("my-request"))
        );
        assert_eq!(answer.body["status"], status);
        for field in ["type", "title", "detail", "instance", "code"] {
            assert!(
                answer.body[field]
                    .as_str()
                    .is_some_and(|text| !text.is_empty()),
                "{field}: {answer:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let huge = format!("{{\"title\":\"{}\"}}", "x".repeat(17 * 1024 * 1024));
    let request = ada
        .request(Method::POST, "/conversations")
        .header("content-type", "application/json");
    // The server may refuse before it has read everything; the client then sees 413 or a closed connection.
    if let Ok(response) = request.body(huge).send().await {
        assert_eq!(response.status(), 413);
    }
    assert_eq!(ada.get("/conversations").await.body["items"], json!([]));
}

#[tokio::test]
async fn pages_have_a_strict_policy_and_unsafe_request_ids_are_replaced() {
    let app = TestApp::start().await;
    for path in [
        "/",
        "/docs",
        "/manual",
        "/manual/operation",
        "/openapi.json",
        "/livez",
        "/readyz",
    ] {
        let response = app
            .request(Method::GET, path)
            .header("X-Request-Id", "a b")
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 200, "{path}");
        let policy = response.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .to_owned();
        let scripts = policy
            .split("script-src ")
            .nth(1)
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .to_owned();
        assert!(!scripts.contains("unsafe"), "{path}: {policy}");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        assert_ne!(response.headers()["x-request-id"], "a b");
    }
}

#[tokio::test]
async fn get_requests_change_nothing() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let head = app.app.feed.head();
    for path in [
        "/users/me",
        "/users",
        "/assistants",
        "/models",
        "/conversations",
        "/auth/sessions",
        "/events",
        "/projections",
    ] {
        assert_eq!(ada.get(path).await.status, 200, "{path}");
    }
    assert_eq!(app.app.feed.head(), head);
}

#[tokio::test]
async fn forwarded_addresses_are_trusted_only_from_trusted_proxies() {
    for (trusted, believed) in [(None, "127.0.0.1"), (Some("127.0.0.0/8"), "203.0.113.9")] {
        let app = TestApp::with(TestOptions {
            trusted_proxy: trusted.map(|network| network.parse().unwrap()),
            ..TestOptions::default()
        })
        .await;
        let ada = app.admin().await;
        // The client forged the first hop; the proxy added the second.
        let renamed = ada
            .request(reqwest::Method::PATCH, "/users/me")
            .header("x-forwarded-for", "198.51.100.1, 203.0.113.9")
            .json(&json!({"display_name": "Ada"}));
        assert_eq!(send(renamed).await.status, 200);
        let events = log::read(&app.app.pool, 0, 100).await.unwrap();
        let last = events.last().unwrap();
        let mut metadata: Value = serde_json::from_str(&last.metadata).unwrap();
        let subjects =
            std::collections::BTreeSet::from([Subject::from(format!("user:{}", ada.id))]);
        let ring = app.app.keys.load(&subjects).await.unwrap();
        let place = SealContext {
            log_id: app.app.log.id,
            aggregate_type: &last.aggregate_type,
            aggregate_id: &last.aggregate_id,
            sequence: last.sequence,
            event_type: &last.event_type,
        };
        vault::open(&mut metadata, "/metadata", place, &ring).unwrap();
        assert_eq!(metadata["address"]["$personal"]["value"], believed);
    }
}

/// Markers of personal fields are keys in the JSON of the log; in text they have no meaning.
#[tokio::test]
async fn text_that_looks_like_log_markers_is_stored_unchanged() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    for mark in [
        "$personal",
        "$sealed",
        "$erased",
        "\"$personal\"",
        "{\"$personal\":{\"k\":[],\"value\":1}}",
    ] {
        let login = app
            .request(Method::POST, "/api/v1/auth/login")
            .header("X-Request-Id", mark)
            .header("User-Agent", mark)
            .json(&json!({"email": "admin@example.org", "password": "correct horse"}));
        let answer = send(login).await;
        assert_eq!(answer.status, 200, "{mark}: {answer:?}");
        assert_ne!(answer.header("x-request-id"), mark);
        let titled = ada.post("/conversations", json!({"title": mark})).await;
        assert_eq!(titled.status, 201, "{mark}: {titled:?}");
        let read = ada.get(&format!("/conversations/{}", titled.id())).await;
        assert_eq!(read.body["title"], mark);
        let assistant =
            json!({"name": mark, "instructions": mark, "visibility": "private", "model": mark});
        let assistant = ada.post("/assistants", assistant).await;
        assert!(
            assistant.status == 201 || assistant.status == 422,
            "{mark}: {assistant:?}"
        );
        let renamed = ada
            .request(Method::PATCH, "/users/me")
            .header("ConvoSphere-Reason", mark)
            .json(&json!({"display_name": mark}));
        assert_eq!(send(renamed).await.status, 200, "{mark}");
    }
    // Ids in common formats are kept.
    for id in [
        "0af7651916cd43dd8448eb211c80319c",
        "Root=1-67891233-abcdef01",
        "a.b:c/d+e_f",
    ] {
        let request = app
            .request(Method::GET, "/livez")
            .header("X-Request-Id", id);
        assert_eq!(request.send().await.unwrap().headers()["x-request-id"], id);
    }
}
