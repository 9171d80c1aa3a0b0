//! Prompts of runs, as shown later.

use serde_json::{Value, json};
use testing::provider::Provider;

use crate::parts::connect_provider;
use crate::test_app::{Person, TestApp};

/// The messages of a prompt in the format of the provider.
fn sent_messages(prompt: &Value) -> Vec<Value> {
    let messages = prompt["messages"].as_array().unwrap();
    messages
        .iter()
        .map(|m| json!({"role": m["role"], "content": m["content"]}))
        .collect()
}

#[tokio::test]
async fn the_prompt_of_a_run_matches_what_was_sent() {
    let provider = Provider::start().await;
    let app = TestApp::with_provider(&provider).await;
    let ada = connect_provider(&app, &provider).await;
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
    let prompt = ada.get(&path).await;
    assert_eq!(prompt.status, 200, "{prompt:?}");
    let received = provider.last();
    assert_eq!(
        Value::from(sent_messages(&prompt.body)),
        received["messages"]
    );
    assert_eq!(sent_messages(&prompt.body).len(), 4);
    assert_eq!(
        (
            &prompt.body["temperature"],
            &prompt.body["max_output_tokens"]
        ),
        (&received["temperature"], &received["max_tokens"])
    );
    assert_eq!(
        prompt.body["messages"][3]["message_id"],
        exchange["message"]["id"]
    );

    // Changing or deleting the assistant does not change the prompt.
    let changed = json!({"instructions": "Shout.", "temperature": 1.5});
    assert_eq!(
        ada.patch(&format!("/assistants/{poet}"), changed)
            .await
            .status,
        200
    );
    ada.ask(&conversation, "Still there?").await;
    assert_eq!(provider.last()["messages"][0]["content"], "Shout.");
    assert_eq!(ada.get(&path).await.body, prompt.body);
    assert_eq!(ada.delete(&format!("/assistants/{poet}")).await.status, 204);
    assert_eq!(ada.get(&path).await.body, prompt.body);

    let bob = app.person("bob").await;
    assert_eq!(bob.get(&path).await.status, 404);
}

/// The assistant may change between question and answer; the run uses the version it was requested with.
#[tokio::test]
async fn a_run_uses_the_assistant_version_it_names() {
    let provider = Provider::start().await;
    let app = TestApp::with_provider(&provider).await;
    let ada = connect_provider(&app, &provider).await;
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
    // Waits for the running answer above it.
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

/// Reads the prompt of a run.
async fn read_prompt(person: &Person<'_>, exchange: &Value) -> Value {
    let run = exchange["response"]["id"].as_str().unwrap();
    person.get(&format!("/responses/{run}/prompt")).await.body
}

/// Strict models require that roles alternate, starting with the user.
fn assert_alternates(messages: &Value) {
    let roles: Vec<&str> = messages
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["role"].as_str().unwrap())
        .collect();
    let roles = roles.strip_prefix(&["system"]).unwrap_or(&roles);
    for (index, role) in roles.iter().enumerate() {
        assert_eq!(*role, ["user", "assistant"][index % 2], "{roles:?}");
    }
    assert_eq!(roles.last(), Some(&"user"));
}

#[tokio::test]
async fn a_conversation_continues_after_a_failed_answer() {
    let provider = Provider::start().await;
    let app = TestApp::with_provider(&provider).await;
    let ada = connect_provider(&app, &provider).await;
    for failing in ["local/status-404", "local/malformed", "local/status-429"] {
        let conversation = ada.conversation().await;
        let ask = async |question: &str, model: &str| {
            let body = json!({"content": question, "model": model});
            let posted = ada
                .post(&format!("/conversations/{conversation}/messages"), body)
                .await
                .body;
            let run = posted["response"]["id"].as_str().unwrap().to_owned();
            crate::test_app::collect(ada.frames(&format!("/responses/{run}/stream"), None).await)
                .await;
            posted
        };
        ask("First?", failing).await;
        // A message without an answer.
        let note = json!({"content": "By the way.", "respond": false});
        ada.post(&format!("/conversations/{conversation}/messages"), note)
            .await;
        let second = ask("Second?", "local/echo-20-2").await;
        let received = provider.last();
        assert_alternates(&received["messages"]);
        let last = received["messages"].as_array().unwrap().last().unwrap();
        assert_eq!(
            last["content"], "First?\n\nBy the way.\n\nSecond?",
            "{failing}"
        );
        let prompt = read_prompt(&ada, &second).await;
        assert_eq!(Value::from(sent_messages(&prompt)), received["messages"]);
        ask("Third?", "local/echo-20-2").await;
        assert_alternates(&provider.last()["messages"]);
    }
}

#[tokio::test]
async fn a_long_conversation_is_cut_to_the_context_window() {
    let provider = Provider::start().await;
    let app = TestApp::with_provider(&provider).await;
    let ada = connect_provider(&app, &provider).await;
    let model = json!({"model": "local/echo-50-0"});
    let conversation = ada.post("/conversations", model).await.id();
    let mut left_out = false;
    for number in 0..14 {
        // Chinese characters count as more tokens.
        let letters = ["a ", "会議"][usize::from(number % 5 == 4)];
        let question = format!(
            "{number}: {}",
            letters.repeat([1_500, 600][usize::from(number % 5 == 4)])
        );
        let (exchange, end) = ada.ask(&conversation, &question).await;
        assert_eq!(end["response"]["status"], "completed", "{end}");
        let received = provider.last();
        assert_alternates(&received["messages"]);
        let length = received["messages"].to_string().chars().count();
        assert!(length < 30_000, "{number}: {length}");
        let prompt = read_prompt(&ada, &exchange).await;
        assert_eq!(Value::from(sent_messages(&prompt)), received["messages"]);
        left_out = prompt["left_out"] == true;
    }
    assert!(left_out);
}

#[tokio::test]
async fn the_prompt_of_a_very_long_conversation_matches_what_was_sent() {
    let provider = Provider::start().await;
    let app = TestApp::with_provider(&provider).await;
    let ada = connect_provider(&app, &provider).await;
    let model = json!({"model": "local/echo-20-2"});
    let conversation = ada.post("/conversations", model).await.id();
    let mut last = Value::Null;
    for number in 0..102 {
        last = ada.ask(&conversation, &format!("{number}?")).await.0;
    }
    let received = provider.last();
    assert_alternates(&received["messages"]);
    let prompt = read_prompt(&ada, &last).await;
    assert_eq!(Value::from(sent_messages(&prompt)), received["messages"]);
    // Regenerating sends the same prompt.
    let answer = last["response"]["message_id"].as_str().unwrap();
    let again = ada
        .post(&format!("/messages/{answer}/regenerate"), json!({}))
        .await
        .body;
    let run = again["response"]["id"].as_str().unwrap();
    crate::test_app::collect(ada.frames(&format!("/responses/{run}/stream"), None).await).await;
    assert_eq!(provider.last()["messages"], received["messages"]);
}
