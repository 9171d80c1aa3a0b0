//! What a model was told, as it is read later.

use serde_json::{Value, json};
use testing::provider::Provider;

use crate::parts::connected;
use crate::test_app::TestApp;

/// The messages of a prompt as a provider gets them.
fn sent(prompt: &Value) -> Vec<Value> {
    let messages = prompt["messages"].as_array().unwrap();
    messages
        .iter()
        .map(|m| json!({"role": m["role"], "content": m["content"]}))
        .collect()
}

#[tokio::test]
async fn what_was_sent_is_read_later_as_it_was() {
    let provider = Provider::start().await;
    let app = TestApp::beside(&provider).await;
    let ada = connected(&app, &provider).await;
    let poet = json!({
        "name": "Poet", "instructions": "Rhyme.", "model": "local/echo-20-2", "temperature": 0.5,
        "max_output_tokens": 1000, "status": "active",
    });
    let poet = ada.post("/assistants", poet).await.id();
    let conversation = ada
        .post("/conversations", json!({"assistant_id": poet}))
        .await
        .id();
    ada.ask(&conversation, "Say something.").await;
    let (exchange, _) = ada.ask(&conversation, "And once more?").await;
    let run = exchange["response"]["id"].as_str().unwrap().to_owned();

    let path = format!("/responses/{run}/prompt");
    let told = ada.get(&path).await;
    assert_eq!(told.status, 200, "{told:?}");
    let received = provider.last();
    assert_eq!(Value::from(sent(&told.body)), received["messages"]);
    assert_eq!(sent(&told.body).len(), 4);
    assert_eq!(
        (&told.body["temperature"], &told.body["max_output_tokens"]),
        (&received["temperature"], &received["max_tokens"])
    );
    assert_eq!(
        told.body["messages"][3]["message_id"],
        exchange["message"]["id"]
    );

    // The assistant is another one by now; what it was told then stays.
    let changed = json!({"instructions": "Shout.", "temperature": 1.5});
    assert_eq!(
        ada.patch(&format!("/assistants/{poet}"), changed)
            .await
            .status,
        200
    );
    ada.ask(&conversation, "Still there?").await;
    assert_eq!(provider.last()["messages"][0]["content"], "Shout.");
    assert_eq!(ada.get(&path).await.body, told.body);
    assert_eq!(ada.delete(&format!("/assistants/{poet}")).await.status, 204);
    assert_eq!(ada.get(&path).await.body, told.body);

    let bob = app.person("bob").await;
    assert_eq!(bob.get(&path).await.status, 404);
}

/// Between the question and the answer the assistant may change: the version that is named is the one that speaks.
#[tokio::test]
async fn a_run_speaks_with_the_version_that_it_names() {
    let provider = Provider::start().await;
    let app = TestApp::beside(&provider).await;
    let ada = connected(&app, &provider).await;
    let poet = json!({"name": "Poet", "instructions": "Rhyme.", "model": "local/echo-400-10", "status": "active"});
    let poet = ada.post("/assistants", poet).await.id();
    let conversation = ada
        .post("/conversations", json!({"assistant_id": poet}))
        .await
        .id();
    let messages = format!("/conversations/{conversation}/messages");
    let first = ada
        .post(&messages, json!({"content": "At length."}))
        .await
        .body;
    // Below an answer that still runs: it waits.
    let second = ada.post(&messages, json!({"content": "Then?"})).await.body;
    let prompt = format!(
        "/responses/{}/prompt",
        second["response"]["id"].as_str().unwrap()
    );
    assert_eq!(ada.get(&prompt).await.code(), (409, "not_started"));
    let changed = json!({"instructions": "Shout."});
    assert_eq!(
        ada.patch(&format!("/assistants/{poet}"), changed)
            .await
            .status,
        200
    );
    let run = |body: &Value| body["response"]["id"].as_str().unwrap().to_owned();
    let cancel = format!("/responses/{}/cancel", run(&first));
    assert_eq!(ada.post(&cancel, json!({})).await.status, 202);
    let stream = format!("/responses/{}/stream", run(&second));
    crate::test_app::collect(ada.frames(&stream, None).await).await;
    assert_eq!(second["response"]["assistant_version"], 1);
    assert_eq!(provider.last()["messages"][0]["content"], "Rhyme.");
}
