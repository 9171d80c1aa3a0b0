//! Titles of conversations: first the question, and after the answer a title written by the model.

use serde_json::{Value, json};
use testing::scripted::{ScriptedProvider, ScriptedResponse};

use crate::dialects::{DONE, STOP, ask_in, connect_provider, text_chunk};
use crate::test_app::{PATIENCE, Person, TestApp, TestOptions};

const QUESTION: &str =
    "I have moved to Lisbon in May, how many days of leave do I have left this year?";

fn wants_a_title(body: &Value) -> bool {
    body["messages"][0]["content"]
        .as_str()
        .is_some_and(|system| system.starts_with("You name conversations."))
}

/// A provider that replies to requests for a title with this text.
async fn provider_with_title(reply: &'static str) -> ScriptedProvider {
    ScriptedProvider::start(move |body, _| match wants_a_title(body) {
        true => ScriptedResponse::stream([&text_chunk(reply), STOP, DONE].concat()),
        false => {
            ScriptedResponse::stream([&text_chunk("You have 12 days left."), STOP, DONE].concat())
        }
    })
    .await
}

async fn app(player: &ScriptedProvider) -> TestApp {
    TestApp::with(TestOptions {
        allowed_port: Some(player.port),
        titles: true,
        ..TestOptions::default()
    })
    .await
}

async fn title(ada: &Person<'_>, conversation: &str) -> String {
    let found = ada.get(&format!("/conversations/{conversation}")).await;
    found.body["title"].as_str().unwrap_or_default().to_owned()
}

async fn wait_for_title(ada: &Person<'_>, conversation: &str, wanted: &str) {
    let waiting = async {
        while title(ada, conversation).await != wanted {
            tokio::task::yield_now().await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, waiting).await;
    let now = title(ada, conversation).await;
    assert!(waited.is_ok(), "{now:?} is not {wanted:?}");
}

/// Waits until the model was asked for this many titles.
async fn wait_for_title_requests(player: &ScriptedProvider, titles: usize) -> Vec<Value> {
    let waiting = async {
        loop {
            let asked = player.requests().into_iter().filter(wants_a_title);
            let asked: Vec<Value> = asked.collect();
            if asked.len() >= titles {
                return asked;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap()
}

#[tokio::test]
async fn the_answering_model_writes_the_title() {
    let player = provider_with_title("**Remaining leave in Lisbon.**").await;
    let app = app(&player).await;
    let ada = connect_provider(&app, &player, "openai_compatible").await;
    let conversation = ada.conversation().await;
    ask_in(&ada, &conversation, QUESTION).await;
    wait_for_title(&ada, &conversation, "Remaining leave in Lisbon").await;
    let asked = wait_for_title_requests(&player, 1).await[0]["messages"][1]["content"].to_string();
    assert!(asked.contains(QUESTION) && asked.contains("You have 12 days left."));
    // The conversation has a title, so no further one is requested.
    ask_in(&ada, &conversation, "And next year?").await;
    ask_in(&ada, &conversation, QUESTION).await;
    assert_eq!(
        title(&ada, &conversation).await,
        "Remaining leave in Lisbon"
    );
    assert_eq!(wait_for_title_requests(&player, 1).await.len(), 1);
}

#[tokio::test]
async fn a_title_set_by_the_user_is_kept() {
    let player = provider_with_title("Remaining leave").await;
    let app = app(&player).await;
    let ada = connect_provider(&app, &player, "openai_compatible").await;
    let own = ada
        .post("/conversations", json!({"title": "Mine"}))
        .await
        .id();
    ask_in(&ada, &own, QUESTION).await;
    assert_eq!(title(&ada, &own).await, "Mine");
    // The title changes while the model writes one: the log decides when the result arrives.
    let conversation = ada.conversation().await;
    let run = conversation.parse().unwrap();
    let call = serde_json::from_value(json!({
        "model": "fake/m", "took_ms": 1, "usage": {"input_tokens": 1, "output_tokens": 1},
    }));
    ask_in(&ada, &conversation, QUESTION).await;
    wait_for_title(&ada, &conversation, "Remaining leave").await;
    let renamed = json!({"title": "Mine as well"});
    ada.patch(&format!("/conversations/{conversation}"), renamed)
        .await;
    let command = domain::conversation::WriteTitle {
        conversation_id: run,
        reply: "Too late".to_owned(),
        call: call.unwrap(),
    };
    let step = eventstore::command::step(run, None, command);
    let context = eventstore::command::Context::system("test");
    let execution = eventstore::Execution::new(context, vec![step]);
    let committed = app.executor.execute(execution).await.unwrap();
    assert!(committed.events.is_empty());
    assert_eq!(title(&ada, &conversation).await, "Mine as well");
}

#[tokio::test]
async fn an_unusable_title_is_ignored() {
    let long = "I would be happy to help you with your question about leave, which depends on many things at once.";
    for reply in [long, "...", "\u{200b}"] {
        let player = provider_with_title(reply).await;
        let app = app(&player).await;
        let ada = connect_provider(&app, &player, "openai_compatible").await;
        let conversation = ada.conversation().await;
        ask_in(&ada, &conversation, "Leave?").await;
        wait_for_title_requests(&player, 1).await;
        // A second answer comes after the title.
        ask_in(&ada, &conversation, "And next year?").await;
        assert_eq!(title(&ada, &conversation).await, "Leave?", "{reply:?}");
    }
}

#[tokio::test]
async fn a_failed_title_does_not_fail_the_answer() {
    let player = ScriptedProvider::start(|body, _| match wants_a_title(body) {
        true => ScriptedResponse::json(400, &json!({"error": {"message": "no titles here"}})),
        false => ScriptedResponse::stream([&text_chunk("Twelve."), STOP, DONE].concat()),
    })
    .await;
    let app = app(&player).await;
    let ada = connect_provider(&app, &player, "openai_compatible").await;
    let conversation = ada.conversation().await;
    let end = ask_in(&ada, &conversation, "Leave?").await;
    assert_eq!(end["response"]["status"], "completed", "{end}");
    wait_for_title_requests(&player, 1).await;
    let again = ask_in(&ada, &conversation, "And next year?").await;
    assert_eq!(again["response"]["status"], "completed", "{again}");
    assert_eq!(title(&ada, &conversation).await, "Leave?");
}
