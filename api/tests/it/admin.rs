use std::sync::Arc;

use api::admin::{Admin, endpoint};
use serde_json::json;

use crate::test_app::{CONNECTIONS, PATIENCE, TestApp};

#[tokio::test]
async fn metrics_are_served_on_a_separate_listener() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    ada.conversation().await;
    let unknown = ada.post("/conversations", json!({"colour": "red"})).await;
    assert_eq!(unknown.status, 422);
    let admin = Arc::new(Admin {
        pool: app.app.pool.clone(),
        log: app.app.log,
        feed: app.app.feed.clone(),
        progress: app.app.progress.clone(),
        health: eventstore::Health::default(),
        metrics: app.app.metrics.clone(),
    });
    let bound = api::server::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
    let address = bound.address;
    let mut serving = tokio::task::JoinSet::new();
    serving.spawn(bound.serve(
        endpoint(admin),
        CONNECTIONS,
        std::future::pending(),
        PATIENCE,
    ));
    let get = async |path: &str| {
        let answer = app
            .http
            .get(format!("http://{address}{path}"))
            .send()
            .await
            .unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(get("/livez").await, (200, "ok".to_owned()));
    assert_eq!(get("/readyz").await.0, 200);
    let (status, text) = get("/metrics").await;
    assert_eq!(status, 200);
    for line in [
        "convosphere_http_requests_total{method=\"POST\",status=\"422\"} 1",
        "convosphere_projection_parked{projection=\"conversations\"} 0",
        "convosphere_http_request_seconds_count{method=\"POST\"}",
        "convosphere_database_connections{state=\"idle\"}",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    assert!(!text.contains("convosphere_log_position 0"));
    let public = app
        .http
        .get(format!("{}/metrics", app.url.trim_end_matches("/api/v1")));
    assert_eq!(public.send().await.unwrap().status(), 404);
}
