//! The default model.

use reqwest::Method;
use serde_json::{Value, json};
use testing::provider::{KEY, Provider};

use crate::cases::World;
use crate::examples::Recorder;
use crate::feature::{Feature, NewCase, Recording, Rules};
use crate::parts::connect_provider;
use crate::rights::Rule;
use crate::test_app::{Answer, Person, TestApp, TestOptions, collect, send};

pub struct DefaultModel;

impl Feature for DefaultModel {
    fn rules(&self) -> Rules {
        &[
            (Rule::ANYONE, &["getSettings"]),
            (Rule::ADMINISTRATORS, &["updateSettings"]),
        ]
    }

    fn case<'a>(&'a self, world: &'a World<'a>, operation: &'a str) -> NewCase<'a> {
        Box::pin(async move {
            let case = || {
                world.json(
                    operation,
                    &[],
                    json!({"default_model": "builtin/guide"}),
                    json!({"default_model": null}),
                )
            };
            (operation == "updateSettings").then(case)
        })
    }

    /// None: there is only one field, with two values.
    fn changes(&self, operation: &str, _now: &Value, _round: usize) -> Option<Vec<Value>> {
        (operation == "updateSettings").then(Vec::new)
    }

    fn record<'a>(&'a self, recorder: &'a mut Recorder<'_>) -> Recording<'a> {
        Box::pin(async move {
            recorder.call("getSettings", recorder.user(&[])).await;
            let default = json!({"default_model": "local/echo-50-0"});
            recorder
                .call_with_body("updateSettings", recorder.admin(&[]), default)
                .await;
        })
    }
}

/// The model that answers a question without an explicit model.
async fn answering_model(person: &Person<'_>) -> String {
    let conversation = person.conversation().await;
    let path = format!("/conversations/{conversation}/messages");
    let posted = person
        .post(&path, json!({"content": "Write a short email to Maria."}))
        .await;
    assert_eq!(posted.status, 201, "{:?}", posted.body);
    let run = posted.body["response"]["id"].as_str().unwrap();
    let frames = person
        .frames(&format!("/responses/{run}/stream"), None)
        .await;
    let end = collect(frames).await.pop().unwrap().data;
    assert_eq!(end["response"]["status"], "completed", "{end}");
    end["response"]["model"].as_str().unwrap().to_owned()
}

async fn default_model(person: &Person<'_>) -> (String, String) {
    let settings = person.get("/settings").await.body;
    let text = |field: &str| settings[field].as_str().unwrap().to_owned();
    (text("default_model"), text("default_model_source"))
}

fn pair(model: &str, source: &str) -> (String, String) {
    (model.to_owned(), source.to_owned())
}

async fn choose(person: &Person<'_>, model: Value) -> Answer {
    person
        .patch("/settings", json!({"default_model": model}))
        .await
}

async fn add(person: &Person<'_>, name: &str, provider: &Provider) -> String {
    let body = json!({"name": name, "kind": "openai_compatible", "base_url": provider.base_url(), "api_key": KEY});
    let added = person.post("/providers", body).await;
    assert_eq!(added.body["health"], "ok", "{:?}", added.body);
    added.id()
}

#[tokio::test]
async fn the_first_working_provider_is_the_default_for_everyone() {
    let provider = Provider::start().await;
    let app = TestApp::with_provider(&provider).await;
    let admin = app.admin().await;
    let bob = app.person("Bob").await;
    assert_eq!(default_model(&bob).await, pair("builtin/guide", "built_in"));
    assert_eq!(answering_model(&bob).await, "builtin/guide");

    add(&admin, "local", &provider).await;
    assert_eq!(
        default_model(&admin).await,
        pair("local/echo-50-0", "automatic")
    );
    assert_eq!(answering_model(&bob).await, "local/echo-50-0");
    assert_eq!(provider.calls(), 1);
    let listed = bob.get("/models").await.body;
    let defaults: Vec<&Value> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|model| model["default"] == true)
        .map(|model| &model["id"])
        .collect();
    assert_eq!(defaults, ["local/echo-50-0"]);
    // The choice is recorded once, and a second provider changes nothing.
    let events = admin.get("/events?event_type=default_model_chosen").await;
    assert_eq!(events.body["items"].as_array().unwrap().len(), 1);
    add(&admin, "again", &provider).await;
    assert_eq!(
        default_model(&bob).await,
        pair("local/echo-50-0", "automatic")
    );
}

#[tokio::test]
async fn only_administrators_choose_the_default_model() {
    let provider = Provider::start().await;
    let app = TestApp::with_provider(&provider).await;
    let admin = connect_provider(&app, &provider).await;
    let bob = app.person("Bob").await;
    assert_eq!(choose(&bob, json!("local/echo-20-2")).await.status, 403);
    for model in ["local/unheard-of", "nothing", "", "local/"] {
        let refused = choose(&admin, json!(model)).await;
        assert_eq!(refused.status, 422, "{:?}", refused.body);
        let error = &refused.body["errors"][0];
        assert_eq!(error["code"], "unknown_model", "{error}");
        assert_eq!(error["pointer"], "/default_model", "{error}");
    }
    let chosen = choose(&admin, json!("local/echo-20-2")).await;
    assert_eq!(chosen.status, 200, "{:?}", chosen.body);
    assert_eq!(chosen.body["default_model_source"], "administrator");
    assert_eq!(answering_model(&bob).await, "local/echo-20-2");
    // The built-in guide can be chosen too.
    choose(&admin, json!("builtin/guide")).await;
    assert_eq!(answering_model(&bob).await, "builtin/guide");
    // Of two changes of the same version, one fails.
    let tag = admin.get("/settings").await.header("etag").to_owned();
    let change = |model: Value| {
        let request = admin.request(Method::PATCH, "/settings");
        send(
            request
                .header("If-Match", &tag)
                .json(&json!({"default_model": model})),
        )
    };
    assert_eq!(change(json!("local/echo-20-2")).await.status, 200);
    assert_eq!(change(json!("local/echo-50-0")).await.status, 412);
    // Without a choice, the first working model is the default again.
    choose(&admin, Value::Null).await;
    assert_eq!(
        default_model(&bob).await,
        pair("local/echo-50-0", "automatic")
    );
}

#[tokio::test]
async fn a_default_of_a_deleted_provider_is_replaced() {
    let one = Provider::start().await;
    let app = TestApp::with_provider(&one).await;
    let admin = app.admin().await;
    let first = add(&admin, "first", &one).await;
    choose(&admin, json!("first/echo-20-2")).await;
    let second = add(&admin, "second", &one).await;
    assert_eq!(
        admin.delete(&format!("/providers/{first}")).await.status,
        204
    );
    assert_eq!(
        default_model(&admin).await,
        pair("second/echo-50-0", "automatic")
    );
    assert_eq!(answering_model(&admin).await, "second/echo-50-0");
    assert_eq!(
        admin.delete(&format!("/providers/{second}")).await.status,
        204
    );
    assert_eq!(
        default_model(&admin).await,
        pair("builtin/guide", "built_in")
    );
    assert_eq!(answering_model(&admin).await, "builtin/guide");
}

#[tokio::test]
async fn the_configured_default_model_takes_precedence() {
    let provider = Provider::start().await;
    let app = TestApp::with(TestOptions {
        allowed_port: Some(provider.port),
        default_model: Some("local/echo-20-2"),
        ..TestOptions::default()
    })
    .await;
    let admin = connect_provider(&app, &provider).await;
    assert_eq!(
        default_model(&admin).await,
        pair("local/echo-20-2", "configuration")
    );
    assert_eq!(answering_model(&admin).await, "local/echo-20-2");
    let refused = choose(&admin, json!("local/echo-50-0")).await;
    assert_eq!(refused.code(), (409, "set_by_configuration"));
    let detail = refused.body["detail"].as_str().unwrap();
    assert!(detail.contains("models.default"), "{detail}");
}
