use domain::response::{Answer, AnswerPart, StartResponse};
use eventstore::Execution;
use eventstore::command::{Context, step};
use futures_util::Stream;
use runtime::partial_answers::{self, RunAttempt};
use runtime::{Leases, ReplySlots};
use serde_json::json;
use uuid::Uuid;

use crate::cases::World;
use crate::examples::Recorder;
use crate::feature::{Feature, NewCase, Recording, Rules};
use crate::rights::Rule;
use crate::test_app::{Frame, Person, TestApp, TestOptions, next};

pub struct Responses;

impl Feature for Responses {
    fn rules(&self) -> Rules {
        &[(
            Rule::OWNER,
            &[
                "getResponse",
                "getPrompt",
                "cancelResponse",
                "streamResponse",
            ],
        )]
    }

    fn case<'a>(&'a self, world: &'a World<'a>, operation: &'a str) -> NewCase<'a> {
        Box::pin(async move {
            Some(match operation {
                "getResponse" | "getPrompt" | "streamResponse" => {
                    world.request(operation, &[&world.ask_question().await.run])
                }
                "cancelResponse" => {
                    let conversation = world.admin.conversation().await;
                    let path = format!("/conversations/{conversation}/messages");
                    let posted = world.admin.post(&path, json!({"content": "One"})).await;
                    let run = posted.body["response"]["id"].as_str().unwrap();
                    world.request(operation, &[run])
                }
                _ => return None,
            })
        })
    }

    fn record<'a>(&'a self, recorder: &'a mut Recorder<'_>) -> Recording<'a> {
        Box::pin(async move {
            let run = recorder.ids["run"].clone();
            recorder
                .stream("streamResponse", recorder.user(&[&run]))
                .await;
            recorder.call("getResponse", recorder.user(&[&run])).await;
            recorder.call("getPrompt", recorder.user(&[&run])).await;
            recorder.provider.wait_until_held().await;
            let held = recorder.ids["held run"].clone();
            recorder
                .call("cancelResponse", recorder.user(&[&held]))
                .await;
            recorder
                .wait_for_end("streamResponse", recorder.user(&[&held]))
                .await;
        })
    }
}

#[tokio::test]
async fn a_queued_run_is_cancelled_at_once() {
    let app = TestApp::with(TestOptions {
        responder: false,
        ..TestOptions::default()
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

/// A run that was started by a worker that died, and its stream.
async fn start_run(app: &TestApp, ada: &Person<'_>) -> (String, impl Stream<Item = Frame> + Unpin) {
    let conversation = ada.conversation().await;
    let path = format!("/conversations/{conversation}/messages");
    let question = json!({"content": "Where is my data stored?"});
    let exchange = ada.post(&path, question).await.body;
    let run = exchange["response"]["id"].as_str().unwrap().to_owned();
    let id = Uuid::parse_str(&run).unwrap();
    let start = step(
        id,
        None,
        StartResponse {
            attempt: 1,
            passages: vec![],
        },
    );
    app.executor
        .execute(Execution::new(Context::worker("dead", None), vec![start]))
        .await
        .unwrap();
    let mut frames = Box::pin(ada.frames(&format!("/responses/{run}/stream"), None).await);
    next(&mut frames, "response.started").await;
    (run, frames)
}

fn start_responder(app: &TestApp) -> eventstore::Supervisor {
    let reader = crate::parts::file_reader(&app.app.files);
    start_responder_with(app, reader)
}

fn start_responder_with(app: &TestApp, reader: workers::FileReader) -> eventstore::Supervisor {
    let leases = Leases::new(app.app.pool.clone(), "successor");
    let (reply_slots, claimed) = ReplySlots::new(&leases, 1);
    let responder = workers::Responder {
        catalogue: app.catalogue.clone(),
        pool: app.app.pool.clone(),
        executor: app.executor.clone(),
        progress: app.app.progress.clone(),
        live: app.app.live.clone(),
        leases,
        reply_slots,
        knowledge: workers::KnowledgeBases::default(),
        reader,
        embedder: None,
        reranker: None,
        model_settings: std::sync::Arc::default(),
        stop_requests: workers::StopRequests::default(),
        stopping: tokio::sync::watch::channel(false).1,
    };
    workers::start_responding(responder, claimed, &eventstore::Health::default())
}

fn without_responder() -> TestOptions {
    TestOptions {
        responder: false,
        ..TestOptions::default()
    }
}

#[tokio::test]
async fn a_run_can_be_cancelled_while_its_prompt_is_built() {
    let app = TestApp::with(without_responder()).await;
    let ada = app.admin().await;
    let file = ada.upload("/files", "own.txt", b"Mine.").await.id();
    let conversation = ada.conversation().await;
    let path = format!("/conversations/{conversation}/messages");
    let question = json!({"content": "What does it say?", "attachment_ids": [file]});
    let asked = ada.post(&path, question).await;
    assert_eq!(asked.status, 201, "{asked:?}");
    let run = asked.body["response"]["id"].as_str().unwrap();
    let mut frames = Box::pin(ada.frames(&format!("/responses/{run}/stream"), None).await);
    // All file readers are busy.
    let reader = crate::parts::file_reader(&app.app.files);
    let busy = reader.at_once.clone();
    let _permits = busy.acquire_many(1).await.unwrap();
    let _responder = start_responder_with(&app, reader);
    next(&mut frames, "response.started").await;
    let path = format!("/responses/{run}/cancel");
    assert_eq!(ada.post(&path, json!({})).await.status.as_u16(), 202);
    let end = next(&mut frames, "response.cancelled").await;
    assert_eq!(end.data["message"]["content"], "");
}

#[tokio::test]
async fn a_run_is_restarted_if_its_worker_died_before_the_first_text() {
    let app = TestApp::with(without_responder()).await;
    let ada = app.admin().await;
    let (_, mut frames) = start_run(&app, &ada).await;
    let _responder = start_responder(&app);
    let end = next(&mut frames, "response.completed").await;
    assert!(
        end.data["message"]["content"]
            .as_str()
            .unwrap()
            .contains("All data is stored")
    );
}

#[tokio::test]
async fn a_run_is_interrupted_with_its_saved_text_if_its_worker_died() {
    let app = TestApp::with(without_responder()).await;
    let ada = app.admin().await;
    let (run, mut frames) = start_run(&app, &ada).await;
    let view = ada.get(&format!("/responses/{run}")).await.body;
    let source = &app.catalogue.source;
    let saved = RunAttempt {
        id: Uuid::parse_str(&run).unwrap(),
        conversation_id: view["conversation_id"].as_str().unwrap().parse().unwrap(),
        attempt: 1,
    };
    let answer = Answer {
        parts: vec![AnswerPart::Text {
            text: "Half an ans".into(),
        }],
        citations: vec![],
    };
    partial_answers::save(&source.pool, &source.log, &source.keys, saved, &answer)
        .await
        .unwrap();
    let stored: String = sqlx::query_scalar("select sealed::text from partial_answers")
        .fetch_one(&source.pool)
        .await
        .unwrap();
    assert!(
        !stored.contains("Half"),
        "saved text is encrypted: {stored}"
    );
    let _responder = start_responder(&app);
    let end = next(&mut frames, "response.interrupted").await;
    assert_eq!(end.data["message"]["status"], "interrupted");
    assert_eq!(end.data["message"]["content"], "Half an ans");
    let id = end.data["message"]["id"].as_str().unwrap();
    let again = ada
        .post(&format!("/messages/{id}/regenerate"), json!({}))
        .await;
    assert_eq!(again.status, 201, "the answer can be regenerated");
    while partial_answers::load(&source.pool, &source.log, &source.keys, saved)
        .await
        .unwrap()
        .is_some()
    {}
}

#[tokio::test]
async fn a_question_waits_for_the_running_answer_above_it() {
    let app = TestApp::with(TestOptions {
        responder: false,
        ..TestOptions::default()
    })
    .await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let path = format!("/conversations/{conversation}/messages");
    let first = ada
        .post(&path, json!({"content": "Where is my data stored?"}))
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
        .wait_for(app.app.feed.head(), crate::test_app::PATIENCE)
        .await
        .unwrap();
    let waiting = projections::response::queries::list_queued(&app.app.pool, true, &[], 10)
        .await
        .unwrap();
    let ids: Vec<String> = waiting.iter().map(|run| run.id.to_string()).collect();
    assert_eq!(ids, [first["response"]["id"].as_str().unwrap()]);
}
