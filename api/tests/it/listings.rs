//! Lists of models in the shapes in which providers send them, and providers that send none.

use serde_json::{Value, json};
use testing::scripted::{ScriptedProvider, ScriptedResponse};

use crate::dialects::{DONE, STOP, app, ask, completed, t};
use crate::test_app::{Answer, Person, TestApp};

async fn add(ada: &Person<'_>, player: &ScriptedProvider, models: Value) -> Answer {
    let body = json!({"name": "fake", "kind": "openai_compatible", "base_url": player.base_url(), "models": models});
    ada.post("/providers", body).await
}

async fn models(ada: &Person<'_>) -> Vec<(String, Value)> {
    let listed = ada.get("/models").await.body;
    let items = listed["items"].as_array().unwrap().iter();
    let model = |one: &Value| {
        (
            one["id"].as_str().unwrap().to_owned(),
            one["context_window"].clone(),
        )
    };
    items
        .map(model)
        .filter(|(id, _)| id != "builtin/guide")
        .collect()
}

#[tokio::test]
async fn models_are_listed_in_any_shape_with_their_windows() {
    for list in [
        json!([{"id": "m", "context_length": 8192}]),
        json!({"models": [{"name": "m", "max_model_len": 8192}]}),
        json!({"models": {"m": {"meta": {"n_ctx_train": 8192}}}}),
    ] {
        let player =
            ScriptedProvider::with(move |_, _, _| ScriptedResponse::json(200, &list)).await;
        let app = app(&player).await;
        let ada = app.admin().await;
        assert_eq!(add(&ada, &player, Value::Null).await.body["health"], "ok");
        assert_eq!(models(&ada).await, [("fake/m".to_owned(), json!(8192))]);
    }
}

#[tokio::test]
async fn a_provider_that_lists_nothing_is_asked_for_models_that_were_named() {
    let player = ScriptedProvider::with(|_, body, _| match body.is_null() {
        true => ScriptedResponse::json(404, &json!({"detail": "Not Found"})),
        false => ScriptedResponse::stream(format!("{}{STOP}{DONE}", t("ok"))),
    })
    .await;
    let app = app(&player).await;
    let ada = app.admin().await;
    let added = add(&ada, &player, Value::Null).await;
    assert_eq!(added.body["health"], "unreachable", "{added:?}");
    assert_eq!(added.body["fault"], "not_understood");
    let unknown = ada.post("/conversations", json!({"model": "fake/m"})).await;
    assert_eq!(unknown.status, 422);

    let path = format!("/providers/{}", added.id());
    for wrong in [json!([""]), json!(["a\nb"]), json!(["x".repeat(151)])] {
        let refused = ada.patch(&path, json!({"models": wrong})).await;
        assert_eq!(refused.status, 422, "{refused:?}");
        assert_eq!(
            refused.body["errors"][0]["pointer"], "/models",
            "{refused:?}"
        );
    }
    let named = ada.patch(&path, json!({"models": ["m", "n"]})).await;
    assert_eq!(named.status, 200, "{named:?}");
    for told in [named, ada.patch(&path, json!({"models": ["m", "n"]})).await] {
        assert_eq!(told.body["models"], json!(["m", "n"]), "{told:?}");
        assert_eq!(told.body["health"], "ok", "{told:?}");
        assert_eq!(told.body["fault"], "not_understood");
    }
    completed(&ask(&ada).await, "ok", "");
    let names: Vec<String> = models(&ada).await.into_iter().map(|one| one.0).collect();
    assert_eq!(names, ["fake/m", "fake/n"]);
    let none = ada.patch(&path, json!({"models": []})).await;
    assert_eq!(none.body["models"], json!([]));
    assert!(models(&ada).await.is_empty());
}

#[tokio::test]
async fn an_address_whose_name_leads_nowhere_says_so() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let body = json!({"name": "gone", "kind": "openai_compatible", "base_url": "http://no-such-name.invalid/v1"});
    let added = ada.post("/providers", body).await;
    assert_eq!(
        (added.status.as_u16(), &added.body["fault"]),
        (201, &json!("name_not_found")),
        "{added:?}"
    );
}
