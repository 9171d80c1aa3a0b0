//! Model lists in the formats of different providers, and providers without a list.

use serde_json::{Value, json};
use testing::scripted::{ScriptedProvider, ScriptedResponse};

use crate::dialects::{DONE, STOP, app, ask, assert_completed, text_chunk};
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
async fn model_lists_of_any_shape_are_read_with_context_windows() {
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
async fn a_provider_without_a_list_offers_the_added_models() {
    let player = ScriptedProvider::with(|_, body, _| match body.is_null() {
        true => ScriptedResponse::json(404, &json!({"detail": "Not Found"})),
        false => ScriptedResponse::stream(format!("{}{STOP}{DONE}", text_chunk("ok"))),
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
    for reply in [named, ada.patch(&path, json!({"models": ["m", "n"]})).await] {
        assert_eq!(reply.body["models"], json!(["m", "n"]), "{reply:?}");
        assert_eq!(reply.body["health"], "ok", "{reply:?}");
        assert_eq!(reply.body["fault"], "not_understood");
    }
    assert_completed(&ask(&ada).await, "ok", "");
    let names: Vec<String> = models(&ada).await.into_iter().map(|one| one.0).collect();
    assert_eq!(names, ["fake/m", "fake/n"]);
    let none = ada.patch(&path, json!({"models": []})).await;
    assert_eq!(none.body["models"], json!([]));
    assert!(models(&ada).await.is_empty());
}

#[tokio::test]
async fn an_unresolvable_provider_address_is_reported() {
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

/// Its list does not say what its models can do, so each is asked for.
#[tokio::test]
async fn ollama_is_asked_what_its_models_can_do() {
    let player = ScriptedProvider::with(|path, body, _| match (path, body["model"].as_str()) {
        ("/v1/models", None) => {
            let model = |name: &str| json!({"id": name, "object": "model", "owned_by": "library"});
            let list = json!({"data": [model("gemma3"), model("gone"), model("all-minilm")]});
            ScriptedResponse::json(200, &list)
        }
        ("/api/show", Some("gemma3")) => {
            let abilities = json!({"capabilities": ["completion", "vision"]});
            ScriptedResponse::json(200, &abilities)
        }
        ("/api/show", Some("all-minilm")) => {
            ScriptedResponse::json(200, &json!({"capabilities": ["embedding"]}))
        }
        _ => ScriptedResponse::json(404, &json!({"error": "not found"})),
    })
    .await;
    let app = app(&player).await;
    let ada = app.admin().await;
    assert_eq!(add(&ada, &player, Value::Null).await.body["health"], "ok");
    let listed = ada.get("/models").await.body;
    for (id, vision, reasoning, embedding) in [
        ("fake/gemma3", json!(true), json!(false), json!(false)),
        ("fake/gone", json!(null), json!(null), json!(null)),
        ("fake/all-minilm", json!(false), json!(false), json!(true)),
    ] {
        let items = listed["items"].as_array().unwrap();
        let model = items.iter().find(|model| model["id"] == id).unwrap();
        assert_eq!(model["vision"], vision, "{model}");
        assert_eq!(model["reasoning"], reasoning, "{model}");
        assert_eq!(model["embedding"], embedding, "{model}");
    }
}
