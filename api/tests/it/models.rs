//! What models can do, and which of them may be used.

use serde_json::{Value, json};
use testing::provider::Provider;

use crate::parts::connect_provider;
use crate::test_app::{Answer, Person, TestApp};

async fn list(person: &Person<'_>, path: &str) -> Vec<Value> {
    let listed = person.get(path).await;
    assert_eq!(listed.status, 200, "{:?}", listed.body);
    listed.body["items"].as_array().unwrap().clone()
}

fn find<'a>(models: &'a [Value], id: &str) -> Option<&'a Value> {
    models.iter().find(|model| model["id"] == id)
}

/// Replaces the disabled models of the only provider.
async fn disable(admin: &Person<'_>, models: Value) -> Answer {
    let provider = admin.get("/providers").await.body["items"][0]["id"].clone();
    let path = format!("/providers/{}", provider.as_str().unwrap());
    admin.patch(&path, json!({"disabled_models": models})).await
}

fn refusal(answer: &Answer) -> (u16, &str, &str) {
    let error = &answer.body["errors"][0];
    let text = |field: &str| error[field].as_str().unwrap_or_default();
    (answer.status.as_u16(), text("code"), text("pointer"))
}

#[tokio::test]
async fn models_say_what_they_can_do() {
    let provider = Provider::start().await;
    let app = TestApp::with_provider(&provider).await;
    let admin = connect_provider(&app, &provider).await;
    let models = list(&admin, "/models").await;
    for (id, vision, reasoning, embedding, chat) in [
        (
            "local/echo-1-0",
            json!(true),
            json!(true),
            json!(false),
            true,
        ),
        (
            "local/echo-50-0",
            json!(null),
            json!(null),
            json!(null),
            true,
        ),
        (
            "local/embed-16",
            json!(null),
            json!(null),
            json!(true),
            false,
        ),
        (
            "builtin/guide",
            json!(false),
            json!(false),
            json!(false),
            true,
        ),
    ] {
        let model = find(&models, id).unwrap_or_else(|| panic!("{id} is not listed"));
        assert_eq!(model["vision"], vision, "{model}");
        assert_eq!(model["reasoning"], reasoning, "{model}");
        assert_eq!(model["embedding"], embedding, "{model}");
        assert_eq!(model["chat"], chat, "{model}");
        assert_eq!(model["enabled"], true, "{model}");
    }
}

#[tokio::test]
async fn only_administrators_see_disabled_models() {
    let provider = Provider::start().await;
    let app = TestApp::with_provider(&provider).await;
    let admin = connect_provider(&app, &provider).await;
    let bob = app.person("Bob").await;
    let disabled = disable(&admin, json!(["echo-20-2", "echo-20-2", "unlisted"])).await;
    assert_eq!(disabled.status, 200, "{:?}", disabled.body);
    let names = json!(["echo-20-2", "unlisted"]);
    assert_eq!(disabled.body["disabled_models"], names);
    assert_eq!(disabled.body["health"], "ok", "nothing had to be checked");
    for person in [&admin, &bob] {
        let models = list(person, "/models").await;
        assert!(find(&models, "local/echo-20-2").is_none());
        assert!(find(&models, "local/echo-50-0").is_some());
    }
    let all = list(&admin, "/models?include_disabled=true").await;
    assert_eq!(find(&all, "local/echo-20-2").unwrap()["enabled"], false);
    assert_eq!(find(&all, "local/echo-50-0").unwrap()["enabled"], true);
    let refused = bob.get("/models?include_disabled=true").await;
    assert_eq!(refused.status, 403);
    // The list of the provider does not enable them again.
    let provider = disabled.id();
    let path = format!("/providers/{provider}/refresh");
    admin.post(&path, json!({})).await;
    assert!(find(&list(&bob, "/models").await, "local/echo-20-2").is_none());
    assert_eq!(disable(&admin, json!([])).await.status, 200);
    assert!(find(&list(&bob, "/models").await, "local/echo-20-2").is_some());
    let refused = disable(&admin, json!(["a\nb"])).await;
    let field = (422, "invalid_models", "/disabled_models");
    assert_eq!(refusal(&refused), field);
}

#[tokio::test]
async fn a_disabled_model_can_neither_be_chosen_nor_answer() {
    let provider = Provider::start().await;
    let app = TestApp::with_provider(&provider).await;
    let admin = connect_provider(&app, &provider).await;
    let bob = app.person("Bob").await;
    let model = json!({"model": "local/echo-20-2"});
    let chosen = bob.post("/conversations", model.clone()).await;
    assert_eq!(chosen.status, 201, "{:?}", chosen.body);
    let chosen = format!("/conversations/{}/messages", chosen.id());
    let (exchange, _) = {
        let conversation = bob.conversation().await;
        bob.ask(&conversation, "Hello?").await
    };
    let answer = exchange["response"]["message_id"].as_str().unwrap();
    disable(&admin, json!(["echo-20-2"])).await;

    let refused = (422, "model_disabled", "/model");
    let new = format!("/conversations/{}", bob.conversation().await);
    let named = json!({"content": "x", "model": "local/echo-20-2"});
    let assistant = json!({"name": "Poet", "model": "local/echo-20-2"});
    for answer in [
        bob.post("/conversations", model.clone()).await,
        bob.patch(&new, model.clone()).await,
        bob.post(&format!("{new}/messages"), named).await,
        bob.post(&format!("/messages/{answer}/regenerate"), model)
            .await,
        bob.post("/assistants", assistant).await,
        // The conversation had chosen it before.
        bob.post(&chosen, json!({"content": "x"})).await,
    ] {
        assert_eq!(refusal(&answer), refused, "{:?}", answer.body);
    }
    let default = json!({"default_model": "local/echo-20-2"});
    let default = admin.patch("/settings", default).await;
    let field = (422, "model_disabled", "/default_model");
    assert_eq!(refusal(&default), field);

    disable(&admin, json!([])).await;
    let answered = bob.post(&chosen, json!({"content": "x"})).await;
    assert_eq!(answered.status, 201, "{:?}", answered.body);
}

#[tokio::test]
async fn a_disabled_default_is_replaced_until_it_is_enabled_again() {
    let provider = Provider::start().await;
    let app = TestApp::with_provider(&provider).await;
    let admin = connect_provider(&app, &provider).await;
    let default = async || admin.get("/settings").await.body["default_model"].clone();
    assert_eq!(default().await, "local/echo-50-0");
    disable(&admin, json!(["echo-50-0"])).await;
    assert_eq!(default().await, "local/echo-20-2");
    disable(&admin, json!([])).await;
    assert_eq!(default().await, "local/echo-50-0");
}

/// A model that was disabled after it was asked does not answer.
#[tokio::test]
async fn workers_do_not_call_disabled_models() {
    let provider = Provider::start().await;
    let app = TestApp::with_provider(&provider).await;
    let admin = connect_provider(&app, &provider).await;
    disable(&admin, json!(["echo-20-2"])).await;
    let refused = app.catalogue.find("local/echo-20-2").await.err().unwrap();
    assert!(refused.detail.contains("disabled"), "{refused}");
    assert!(app.catalogue.find("local/echo-50-0").await.is_ok());
}

const PREFERENCES: &str = "/users/me/preferences";

/// The model of a new conversation.
async fn model_of_new(person: &Person<'_>, body: Value) -> Value {
    let created = person.post("/conversations", body).await;
    assert_eq!(created.status, 201, "{:?}", created.body);
    created.body["model"].clone()
}

#[tokio::test]
async fn the_default_model_of_a_person_is_that_of_new_conversations() {
    let provider = Provider::start().await;
    let app = TestApp::with_provider(&provider).await;
    let admin = connect_provider(&app, &provider).await;
    let bob = app.person("Bob").await;
    let default = json!({"default_model": "local/echo-20-2"});
    let changed = bob.patch(PREFERENCES, default.clone()).await;
    assert_eq!(changed.status, 200, "{:?}", changed.body);
    assert_eq!(changed.body["default_model"], "local/echo-20-2");

    assert_eq!(model_of_new(&bob, json!({})).await, "local/echo-20-2");
    assert_eq!(model_of_new(&admin, json!({})).await, Value::Null);
    let named = json!({"model": "local/echo-50-0"});
    assert_eq!(model_of_new(&bob, named).await, "local/echo-50-0");
    // An assistant that is chosen answers with its own model.
    let poet = bob.post("/assistants", json!({"name": "Poet"})).await;
    let with_poet = json!({"assistant_id": poet.id()});
    assert_eq!(model_of_new(&bob, with_poet).await, Value::Null);

    // Without the model, the default is that of the installation, until the model is back.
    disable(&admin, json!(["echo-20-2"])).await;
    assert_eq!(
        bob.get(PREFERENCES).await.body["default_model"],
        Value::Null
    );
    assert_eq!(model_of_new(&bob, json!({})).await, Value::Null);
    let refused = bob.patch(PREFERENCES, default.clone()).await;
    let field = (422, "model_disabled", "/default_model");
    assert_eq!(refusal(&refused), field);
    disable(&admin, json!([])).await;
    let back = bob.get(PREFERENCES).await.body;
    assert_eq!(back["default_model"], default["default_model"]);

    let reset = bob.patch(PREFERENCES, json!({"default_model": null})).await;
    assert_eq!(reset.body["default_model"], Value::Null);
    assert_eq!(model_of_new(&bob, json!({})).await, Value::Null);
}

#[tokio::test]
async fn favourite_models_are_kept_in_their_order_even_if_they_are_gone() {
    let app = TestApp::start().await;
    let bob = app.admin().await;
    let favourites = json!({"favorite_models": ["gone/b", "builtin/guide", "gone/a", "gone/b"]});
    let changed = bob.patch(PREFERENCES, favourites).await;
    let wanted = json!(["gone/b", "builtin/guide", "gone/a"]);
    assert_eq!(changed.body["favorite_models"], wanted, "{changed:?}");
    bob.patch(PREFERENCES, json!({"theme": "dark"})).await;
    assert_eq!(bob.get(PREFERENCES).await.body["favorite_models"], wanted);
}
