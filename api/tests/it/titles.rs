//! What a conversation is called: at once its first question, and after the answer what the model makes of both.

use serde_json::{Value, json};
use testing::scripted::{ScriptedProvider, ScriptedResponse};

use crate::dialects::{DONE, STOP, ask_in, connected, t};
use crate::test_app::{PATIENCE, Person, Setting, TestApp};

const QUESTION: &str =
    "I have moved to Lisbon in May, how many days of leave do I have left this year?";

fn wants_a_title(body: &Value) -> bool {
    body["messages"][0]["content"]
        .as_str()
        .is_some_and(|system| system.starts_with("You name conversations."))
}

/// A provider that answers, and says this where it is asked for a title.
async fn naming(said: &'static str) -> ScriptedProvider {
    ScriptedProvider::start(move |body, _| match wants_a_title(body) {
        true => ScriptedResponse::stream([&t(said), STOP, DONE].concat()),
        false => ScriptedResponse::stream([&t("You have 12 days left."), STOP, DONE].concat()),
    })
    .await
}

async fn app(player: &ScriptedProvider) -> TestApp {
    TestApp::with(Setting {
        allowed_port: Some(player.port),
        titles: true,
        ..Setting::default()
    })
    .await
}

async fn title(ada: &Person<'_>, conversation: &str) -> String {
    let found = ada.get(&format!("/conversations/{conversation}")).await;
    found.body["title"].as_str().unwrap_or_default().to_owned()
}

async fn titled(ada: &Person<'_>, conversation: &str, wanted: &str) {
    let waiting = async {
        while title(ada, conversation).await != wanted {
            tokio::task::yield_now().await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, waiting).await;
    let now = title(ada, conversation).await;
    assert!(waited.is_ok(), "{now:?} is not {wanted:?}");
}

/// Waits until the model was asked for so many titles.
async fn asked_for(player: &ScriptedProvider, titles: usize) -> Vec<Value> {
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
async fn the_model_that_has_answered_writes_a_better_title() {
    let player = naming("**Remaining leave in Lisbon.**").await;
    let app = app(&player).await;
    let ada = connected(&app, &player, "openai_compatible").await;
    let conversation = ada.conversation().await;
    ask_in(&ada, &conversation, QUESTION).await;
    titled(&ada, &conversation, "Remaining leave in Lisbon").await;
    let asked = asked_for(&player, 1).await[0]["messages"][1]["content"].to_string();
    assert!(asked.contains(QUESTION) && asked.contains("You have 12 days left."));
    // It is named now, and nobody asks again.
    ask_in(&ada, &conversation, "And next year?").await;
    ask_in(&ada, &conversation, QUESTION).await;
    assert_eq!(
        title(&ada, &conversation).await,
        "Remaining leave in Lisbon"
    );
    assert_eq!(asked_for(&player, 1).await.len(), 1);
}

#[tokio::test]
async fn what_a_person_has_typed_stays() {
    let player = naming("Remaining leave").await;
    let app = app(&player).await;
    let ada = connected(&app, &player, "openai_compatible").await;
    let own = ada
        .post("/conversations", json!({"title": "Mine"}))
        .await
        .id();
    ask_in(&ada, &own, QUESTION).await;
    assert_eq!(title(&ada, &own).await, "Mine");
    // In the middle of it: what the log holds when the title comes decides, not what was shown when it was asked for.
    let conversation = ada.conversation().await;
    let run = conversation.parse().unwrap();
    let call = serde_json::from_value(json!({
        "model": "fake/m", "took_ms": 1, "usage": {"input_tokens": 1, "output_tokens": 1},
    }));
    ask_in(&ada, &conversation, QUESTION).await;
    titled(&ada, &conversation, "Remaining leave").await;
    let renamed = json!({"title": "Mine as well"});
    ada.patch(&format!("/conversations/{conversation}"), renamed)
        .await;
    let command = domain::conversation::ConversationCommand::WriteTitle {
        conversation_id: run,
        said: "Too late".to_owned(),
        call: call.unwrap(),
    };
    let step = eventstore::executor::step::<domain::conversation::Conversation>(run, None, command);
    let context = eventstore::executor::Context::system("test");
    let execution = eventstore::Execution::new(context, vec![step]);
    let committed = app.executor.execute(execution).await.unwrap();
    assert!(committed.events.is_empty());
    assert_eq!(title(&ada, &conversation).await, "Mine as well");
}

#[tokio::test]
async fn what_is_no_title_leaves_the_question() {
    let long = "I would be happy to help you with your question about leave, which depends on many things at once.";
    for said in [long, "...", "\u{200b}"] {
        let player = naming(said).await;
        let app = app(&player).await;
        let ada = connected(&app, &player, "openai_compatible").await;
        let conversation = ada.conversation().await;
        ask_in(&ada, &conversation, "Leave?").await;
        asked_for(&player, 1).await;
        // A second question is answered behind it.
        ask_in(&ada, &conversation, "And next year?").await;
        assert_eq!(title(&ada, &conversation).await, "Leave?", "{said:?}");
    }
}

#[tokio::test]
async fn a_model_that_fails_at_titles_costs_no_answer() {
    let player = ScriptedProvider::start(|body, _| match wants_a_title(body) {
        true => ScriptedResponse::json(400, &json!({"error": {"message": "no titles here"}})),
        false => ScriptedResponse::stream([&t("Twelve."), STOP, DONE].concat()),
    })
    .await;
    let app = app(&player).await;
    let ada = connected(&app, &player, "openai_compatible").await;
    let conversation = ada.conversation().await;
    let end = ask_in(&ada, &conversation, "Leave?").await;
    assert_eq!(end["response"]["status"], "completed", "{end}");
    asked_for(&player, 1).await;
    let again = ask_in(&ada, &conversation, "And next year?").await;
    assert_eq!(again["response"]["status"], "completed", "{again}");
    assert_eq!(title(&ada, &conversation).await, "Leave?");
}
