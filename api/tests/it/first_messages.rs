//! Conversations that are created together with their first message.

use reqwest::Method;
use serde_json::{Value, json};
use testing::provider::Provider;

use crate::parts::connect_provider;
use crate::test_app::{Person, TestApp, collect, send};

const QUESTION: &str = "Where is my data stored?";

async fn count_conversations(person: &Person<'_>) -> usize {
    let listed = person.get("/conversations").await.body;
    listed["items"].as_array().unwrap().len()
}

/// The last frame of a run.
async fn answer(person: &Person<'_>, response: &Value) -> Value {
    let path = format!("/responses/{}/stream", response["id"].as_str().unwrap());
    collect(person.frames(&path, None).await)
        .await
        .pop()
        .unwrap()
        .data
}

#[tokio::test]
async fn a_conversation_and_its_first_message_are_created_together() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let uploaded = ada.upload("/files", "notes.txt", b"The sea.").await;
    let body = json!({"message": {"content": QUESTION, "attachment_ids": [uploaded.id()]}});
    let created = ada.post("/conversations", body).await;
    assert_eq!(created.status, 201, "{created:?}");
    let (message, response) = (&created.body["message"], &created.body["response"]);
    assert_eq!(message["content"], QUESTION);
    assert_eq!(message["attachments"], json!([uploaded.id()]));
    assert_eq!(message["conversation_id"], created.body["id"]);
    assert_eq!(response["prompt_message_id"], message["id"]);
    assert_eq!(created.body["title"], QUESTION, "the question is the title");
    assert_eq!(created.body["leaf_id"], response["message_id"]);
    assert_eq!(created.body["message_count"], 2);
    let path = format!("/conversations/{}", created.id());
    assert_eq!(created.header("location"), format!("/api/v1{path}"));

    let end = answer(&ada, response).await;
    assert_eq!(end["response"]["status"], "completed", "{end}");
    let messages = ada.get(&format!("{path}/messages")).await.body;
    let ids: Vec<&Value> = messages["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| &message["id"])
        .collect();
    assert!(ids.contains(&&message["id"]) && ids.contains(&&response["message_id"]));
    assert_eq!(count_conversations(&ada).await, 1);
}

#[tokio::test]
async fn a_refused_first_message_leaves_nothing_behind() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let events = ada.events().await;
    let unknown = uuid::Uuid::now_v7();
    let many: Vec<Value> = {
        let upload = async |n: usize| {
            let text = format!("File {n}");
            let uploaded = ada.upload("/files", "notes.txt", text.as_bytes()).await;
            json!(uploaded.id())
        };
        let mut many = vec![];
        for n in 0..21 {
            many.push(upload(n).await);
        }
        many
    };
    let uploads = ada.events().await - events;
    for (message, pointer) in [
        (json!({"content": " "}), "/message/content"),
        (
            json!({"content": "x", "attachment_ids": [unknown]}),
            "/message/attachment_ids/0",
        ),
        (
            json!({"content": "x", "attachment_ids": many}),
            "/message/attachment_ids",
        ),
        (json!({}), "/message/content"),
        (
            json!({"content": "x", "parent_id": null}),
            "/message/parent_id",
        ),
    ] {
        let refused = ada
            .post("/conversations", json!({"message": message}))
            .await;
        assert_eq!(refused.status, 422, "{refused:?}");
        assert_eq!(refused.body["errors"][0]["pointer"], pointer);
    }
    let titled = json!({"title": "a\nb", "message": {"content": "x"}});
    let refused = ada.post("/conversations", titled).await;
    assert_eq!(refused.body["errors"][0]["pointer"], "/title");
    assert_eq!(count_conversations(&ada).await, 0);
    assert_eq!(ada.events().await, events + uploads);
}

#[tokio::test]
async fn a_repeated_request_creates_one_conversation_and_one_answer() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let create = || {
        let request = ada.request(Method::POST, "/conversations");
        let body = json!({"message": {"content": QUESTION}});
        send(request.header("Idempotency-Key", "once").json(&body))
    };
    let (first, second) = tokio::join!(create(), create());
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (201, 201));
    assert_eq!(first.body, second.body);
    assert_eq!(create().await.body, first.body);
    assert_eq!(count_conversations(&ada).await, 1);
    let path = format!("/conversations/{}/messages", first.id());
    let messages = ada.get(&path).await.body;
    assert_eq!(messages["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_first_message_is_answered_by_the_chosen_assistant_and_model() {
    let provider = Provider::start().await;
    let app = TestApp::with_provider(&provider).await;
    let ada = connect_provider(&app, &provider).await;
    let assistant = json!({"name": "Poet", "model": "local/echo-20-2", "status": "active"});
    let poet = ada.post("/assistants", assistant).await.id();
    let message = json!({"content": "Write."});
    for (body, model) in [
        (json!({"message": message}), "local/echo-50-0"),
        (
            json!({"message": message, "model": "local/echo-400-10"}),
            "local/echo-400-10",
        ),
        (
            json!({"message": message, "assistant_id": poet}),
            "local/echo-20-2",
        ),
        (
            json!({"message": message, "assistant_id": poet, "model": "builtin/guide"}),
            "builtin/guide",
        ),
    ] {
        let created = ada.post("/conversations", body.clone()).await;
        assert_eq!(created.status, 201, "{created:?}");
        let response = &created.body["response"];
        assert_eq!(response["model"], model, "{body}");
        if !body["assistant_id"].is_null() {
            assert_eq!(response["assistant_id"], poet.as_str());
        }
        let end = answer(&ada, response).await;
        assert_eq!(end["response"]["status"], "completed", "{end}");
    }
}
