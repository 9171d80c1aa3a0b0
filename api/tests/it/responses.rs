use domain::response::{Response, ResponseCommand};
use eventstore::Execution;
use eventstore::executor::{Context, step};
use serde_json::json;
use uuid::Uuid;

use crate::test_app::{Setting, TestApp, next};

#[tokio::test]
async fn a_run_that_waits_is_cancelled_at_once_and_only_once() {
    let app = TestApp::with(Setting {
        responder: false,
        ..Setting::default()
    })
    .await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let exchange = ada
        .post(
            &format!("/conversations/{conversation}/messages"),
            json!({"content": "x"}),
        )
        .await
        .body;
    let run = exchange["response"]["id"].as_str().unwrap();
    assert_eq!(
        ada.get(&format!("/responses/{run}")).await.body["status"],
        "queued"
    );
    let cancelled = ada
        .post(&format!("/responses/{run}/cancel"), json!({}))
        .await;
    assert_eq!(
        (cancelled.status.as_u16(), &cancelled.body["status"]),
        (202, &json!("cancelled"))
    );
    assert_eq!(
        ada.post(&format!("/responses/{run}/cancel"), json!({}))
            .await
            .code(),
        (409, "response_ended")
    );
    let answer = exchange["response"]["message_id"].as_str().unwrap();
    assert_eq!(
        ada.get(&format!("/messages/{answer}")).await.body["status"],
        "cancelled"
    );
}

#[tokio::test]
async fn a_run_whose_worker_died_ends_as_interrupted() {
    let app = TestApp::with(Setting {
        responder: false,
        ..Setting::default()
    })
    .await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let exchange = ada
        .post(
            &format!("/conversations/{conversation}/messages"),
            json!({"content": "x"}),
        )
        .await
        .body;
    let run = exchange["response"]["id"].as_str().unwrap();
    // What a worker does before it dies: the run is begun, and its lease is one that nobody renews.
    let id = Uuid::parse_str(run).unwrap();
    let begun = step::<Response>(id, None, ResponseCommand::StartResponse { attempt: 1 });
    app.executor
        .execute(Execution::new(Context::worker("dead", None), vec![begun]))
        .await
        .unwrap();
    let mut frames = Box::pin(ada.frames(&format!("/responses/{run}/stream"), None).await);
    next(&mut frames, "response.started").await;
    let _responder = workers::start_responding(workers::Responder {
        catalogue: app.catalogue.clone(),
        pool: app.app.pool.clone(),
        executor: app.executor.clone(),
        progress: app.app.progress.clone(),
        live: app.app.live.clone(),
        owner: "successor".into(),
        slots: std::sync::Arc::new(tokio::sync::Semaphore::new(1)),
    });
    let end = next(&mut frames, "response.interrupted").await;
    assert_eq!(end.data["message"]["status"], "interrupted");
    let again = ada
        .post(
            &format!(
                "/messages/{}/regenerate",
                end.data["message"]["id"].as_str().unwrap()
            ),
            json!({}),
        )
        .await;
    assert_eq!(again.status, 201, "one can ask again");
}

#[tokio::test]
async fn a_question_below_a_running_answer_waits_for_it() {
    let app = TestApp::with(Setting {
        responder: false,
        ..Setting::default()
    })
    .await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let path = format!("/conversations/{conversation}/messages");
    let first = ada
        .post(&path, json!({"content": "Where does my data lie?"}))
        .await
        .body;
    let second = ada
        .post(&path, json!({"content": "What roles are there?"}))
        .await
        .body;
    assert_eq!(
        second["message"]["parent_id"],
        first["response"]["message_id"]
    );
    app.app
        .progress
        .reach(app.app.feed.head(), crate::test_app::PATIENCE)
        .await
        .unwrap();
    let waiting = projections::response::queries::waiting(&app.app.pool, 10)
        .await
        .unwrap();
    let ids: Vec<String> = waiting.iter().map(|run| run.id.to_string()).collect();
    assert_eq!(ids, [first["response"]["id"].as_str().unwrap()]);
}
