//! Providers and their models, on an OpenAI-compatible server.

use serde_json::{Value, json};
use testing::provider::{KEY, Provider};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::cases::World;
use crate::examples::{Recorder, id};
use crate::feature::{Feature, NewCase, Recording, Rules};
use crate::rights::Rule;
use crate::test_app::{Answer, Person, TestApp, TestOptions, collect, next};

pub struct Providers;

impl Feature for Providers {
    fn rules(&self) -> Rules {
        &[
            (Rule::ANYONE, &["listModels"]),
            (
                Rule::ADMINISTRATORS,
                &[
                    "listProviders",
                    "createProvider",
                    "getProvider",
                    "updateProvider",
                    "deleteProvider",
                    "refreshProvider",
                    "testProvider",
                    "listLocalServers",
                ],
            ),
        ]
    }

    fn case<'a>(&'a self, world: &'a World<'a>, operation: &'a str) -> NewCase<'a> {
        Box::pin(async move {
            let address = |name: &str| format!("http://127.0.0.1:{}/{name}", world.port);
            let new =
                |name: &str| json!({"name": name, "kind": "anthropic", "base_url": address(name)});
            let provider = async || {
                let body = json!({
                    "name": format!("p{}", Uuid::now_v7().simple()), "kind": "openai_compatible",
                    "base_url": address("v0"),
                });
                world.create("/providers", body).await
            };
            Some(match operation {
                "createProvider" => world.json(operation, &[], new("one"), new("two")),
                "updateProvider" => world.json(
                    operation,
                    &[&provider().await],
                    json!({"base_url": address("one")}),
                    json!({"base_url": address("two")}),
                ),
                "getProvider" | "deleteProvider" | "testProvider" | "refreshProvider" => {
                    world.request(operation, &[&provider().await])
                }
                _ => return None,
            })
        })
    }

    fn changes(&self, operation: &str, now: &Value, round: usize) -> Option<Vec<Value>> {
        let changes = || {
            let (server, _) = now["base_url"].as_str().unwrap().rsplit_once('/').unwrap();
            vec![
                json!({"base_url": format!("{server}/v{}", round + 1)}),
                json!({"api_key": format!("secret {round}")}),
                json!({"disabled_models": [format!("model {round}")]}),
            ]
        };
        (operation == "updateProvider").then(changes)
    }

    fn record<'a>(&'a self, recorder: &'a mut Recorder<'_>) -> Recording<'a> {
        Box::pin(async move {
            let base_url = recorder.provider.base_url();
            recorder.call("listLocalServers", recorder.admin(&[])).await;
            let provider = json!({
                "name": "local", "kind": "openai_compatible", "base_url": base_url, "api_key": KEY,
            });
            let provider = recorder
                .call_with_body("createProvider", recorder.admin(&[]), provider)
                .await;
            let provider = id(&provider);
            let named = [provider.as_str()];
            recorder.call("listProviders", recorder.admin(&[])).await;
            recorder.call("getProvider", recorder.admin(&named)).await;
            let change = json!({"base_url": base_url, "api_key": KEY});
            recorder
                .call_with_body("updateProvider", recorder.admin(&named), change)
                .await;
            recorder
                .call("refreshProvider", recorder.admin(&named))
                .await;
            recorder.call("testProvider", recorder.admin(&named)).await;
            recorder.call("listModels", recorder.user(&[])).await;
        })
    }
}

async fn start() -> (Provider, TestApp) {
    let provider = Provider::start().await;
    let app = TestApp::with(TestOptions {
        allowed_port: Some(provider.port),
        ..TestOptions::default()
    })
    .await;
    (provider, app)
}

async fn add(ada: &Person<'_>, name: &str, base_url: &str, key: &str) -> Answer {
    let body =
        json!({"name": name, "kind": "openai_compatible", "base_url": base_url, "api_key": key});
    ada.post("/providers", body).await
}

/// The administrator, and the id of the provider.
async fn admin<'a>(provider: &Provider, app: &'a TestApp) -> (Person<'a>, String) {
    let ada = app.admin().await;
    let added = add(&ada, "local", &provider.base_url(), KEY).await;
    assert_eq!(added.status, 201, "{:?}", added.body);
    assert_eq!(added.body["health"], "ok");
    (ada, added.id())
}

/// Asks a model and returns the last frame of its run.
async fn ask(ada: &Person<'_>, model: &str) -> Value {
    let conversation = ada.conversation().await;
    let body = json!({"content": "Say something.", "model": format!("local/{model}")});
    let path = format!("/conversations/{conversation}/messages");
    let posted = ada.post(&path, body).await;
    assert_eq!(posted.status, 201, "{:?}", posted.body);
    let run = posted.body["response"]["id"].as_str().unwrap();
    let frames = ada.frames(&format!("/responses/{run}/stream"), None).await;
    collect(frames).await.pop().unwrap().data
}

#[tokio::test]
async fn a_provider_is_added_and_its_models_answer() {
    let (provider, app) = start().await;
    let (ada, id) = admin(&provider, &app).await;
    let models = ada.get("/models").await.body;
    let ids: Vec<&str> = models["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|model| model["id"].as_str().unwrap())
        .collect();
    assert!(
        ids.contains(&"builtin/guide") && ids.contains(&"local/echo-50-0"),
        "{ids:?}"
    );
    let end = ask(&ada, "echo-50-0").await;
    assert_eq!(end["response"]["status"], "completed");
    assert!(
        end["message"]["content"]
            .as_str()
            .unwrap()
            .starts_with("t0 t1 ")
    );
    assert_eq!(end["response"]["usage"]["output_tokens"], 50);
    assert_eq!(provider.calls(), 1);
    // The key is never returned.
    for path in [
        "/providers",
        &format!("/providers/{id}"),
        "/events?limit=200",
    ] {
        assert!(
            !ada.get(path).await.body.to_string().contains(KEY),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_misbehaving_provider_fails_only_that_answer() {
    let (provider, app) = start().await;
    let (ada, _) = admin(&provider, &app).await;
    for (model, code) in [
        ("status-401", "provider_unauthorized"),
        ("status-404", "model_unavailable"),
        ("malformed", "provider_error"),
        ("html", "provider_error"),
        ("broken", "provider_error"),
    ] {
        let end = ask(&ada, model).await;
        assert_eq!(end["response"]["error"]["code"], code, "{model}: {end}");
        assert_eq!(end["message"]["status"], "failed");
        assert!(!end.to_string().contains(KEY), "{model}");
    }
    let end = ask(&ada, "broken").await;
    assert_eq!(
        end["message"]["content"], "half an ",
        "the text so far is kept"
    );
    assert_eq!(
        ask(&ada, "echo-50-0").await["response"]["status"],
        "completed"
    );
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let (provider, app) = start().await;
    let (ada, _) = admin(&provider, &app).await;
    let conversation = ada.conversation().await;
    let path = format!("/conversations/{conversation}/messages");
    for model in ["local/endless", "local/line"] {
        let posted = ada
            .post(&path, json!({"content": "x", "model": model}))
            .await
            .body;
        let run = posted["response"]["id"].as_str().unwrap();
        let ended = loop {
            let run = ada.get(&format!("/responses/{run}")).await.body;
            if run["ended_at"].is_string() {
                break run;
            }
        };
        assert_eq!(ended["error"]["code"], "provider_error", "{model}");
    }
}

#[tokio::test]
async fn a_busy_provider_is_retried_a_few_times() {
    let (provider, app) = start().await;
    let (ada, _) = admin(&provider, &app).await;
    let end = ask(&ada, "status-429").await;
    assert_eq!(end["response"]["error"]["code"], "provider_rate_limited");
    assert_eq!(provider.calls(), 3);
}

#[tokio::test]
async fn a_hanging_answer_can_be_cancelled_and_keeps_its_text() {
    let (provider, app) = start().await;
    let (ada, _) = admin(&provider, &app).await;
    let conversation = ada.conversation().await;
    let stream = format!("/conversations/{conversation}/stream");
    let mut frames = Box::pin(ada.frames(&stream, None).await);
    next(&mut frames, "stream.caught_up").await;
    let path = format!("/conversations/{conversation}/messages");
    let posted = ada
        .post(&path, json!({"content": "x", "model": "local/silent"}))
        .await
        .body;
    let run = posted["response"]["id"].as_str().unwrap();
    next(&mut frames, "response.delta").await;
    ada.post(&format!("/responses/{run}/cancel"), json!({}))
        .await;
    let end = next(&mut frames, "response.cancelled").await.data;
    assert_eq!(end["message"]["content"], "then nothing ");
}

#[tokio::test]
async fn a_private_address_is_refused_and_the_error_names_the_setting() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    for base_url in [
        "http://127.0.0.1:9/v1",
        "http://localhost:9",
        "http://[::ffff:7f00:1]:9",
    ] {
        let refused = add(&ada, "x", base_url, KEY).await;
        assert_eq!(refused.code(), (422, "egress_blocked"), "{base_url}");
        let detail = refused.body["detail"].as_str().unwrap();
        assert!(detail.contains("CONVOSPHERE_EGRESS__ALLOW="), "{detail}");
    }
    for (base_url, name) in [
        ("nonsense", "x"),
        ("http://u:p@example.org", "x"),
        ("https://example.org", "A B"),
    ] {
        assert_eq!(
            add(&ada, name, base_url, KEY).await.status,
            422,
            "{base_url} {name}"
        );
    }
}

#[tokio::test]
async fn a_wrong_key_is_reported_and_a_stored_key_is_not_sent_elsewhere() {
    let (provider, app) = start().await;
    let (ada, id) = admin(&provider, &app).await;
    let path = format!("/providers/{id}");
    let changed = ada.patch(&path, json!({"api_key": "wrong"})).await;
    assert_eq!(changed.body["health"], "unreachable", "{:?}", changed.body);
    assert_eq!(changed.body["fault"], "unauthorized");
    // Its models are kept, and answers report the error.
    let end = ask(&ada, "echo-50-0").await;
    assert_eq!(end["response"]["error"]["code"], "provider_unauthorized");
    // A new address requires the key.
    let moved = ada
        .patch(&path, json!({"base_url": "https://example.org"}))
        .await;
    assert_eq!(moved.code(), (422, "invalid"));
}

#[tokio::test]
async fn an_unreachable_provider_is_reported() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let app = TestApp::with(TestOptions {
        allowed_port: Some(port),
        ..TestOptions::default()
    })
    .await;
    let ada = app.admin().await;
    let added = add(&ada, "gone", &format!("http://127.0.0.1:{port}/v1"), KEY).await;
    assert_eq!(
        (added.status.as_u16(), &added.body["health"]),
        (201, &json!("unreachable"))
    );
    assert_eq!(added.body["fault"], "no_connection");
    let unknown = ada
        .post("/conversations", json!({"model": "gone/anything"}))
        .await;
    assert_eq!(unknown.code(), (422, "invalid"));
}

/// A revoked key is noticed without an explicit check.
#[tokio::test]
async fn a_revoked_key_makes_its_provider_unhealthy() {
    let (provider, app) = start().await;
    let (ada, id) = admin(&provider, &app).await;
    provider.revoke();
    let end = ask(&ada, "echo-50-0").await;
    assert_eq!(end["response"]["error"]["code"], "provider_unauthorized");
    let path = format!("/providers/{id}");
    let seen = async {
        loop {
            let found = ada.get(&path).await.body;
            if found["health"] == "unreachable" {
                return found;
            }
        }
    };
    let found = tokio::time::timeout(crate::test_app::PATIENCE, seen)
        .await
        .unwrap();
    assert_eq!(found["fault"], "unauthorized");
    assert!(!end.to_string().contains(KEY) && !found.to_string().contains(KEY));
}

#[tokio::test]
async fn provider_names_are_unique_and_free_after_deletion() {
    let (provider, app) = start().await;
    let (ada, id) = admin(&provider, &app).await;
    let again = add(&ada, "local", &provider.base_url(), KEY).await;
    assert_eq!(again.status, 409, "{:?}", again.body);
    assert_eq!(ada.delete(&format!("/providers/{id}")).await.status, 204);
    let models = ada.get("/models").await.body;
    assert_eq!(models["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        add(&ada, "local", &provider.base_url(), KEY).await.status,
        201
    );
}

#[tokio::test]
async fn only_administrators_see_and_change_providers() {
    let (provider, app) = start().await;
    let (_ada, id) = admin(&provider, &app).await;
    let bob = app.person("bob").await;
    for answer in [
        bob.get("/providers").await,
        bob.get(&format!("/providers/{id}")).await,
        add(&bob, "mine", &provider.base_url(), KEY).await,
        bob.patch(&format!("/providers/{id}"), json!({"api_key": "x"}))
            .await,
        bob.delete(&format!("/providers/{id}")).await,
        bob.post(&format!("/providers/{id}/test"), json!({})).await,
    ] {
        assert_eq!(answer.status, 403);
    }
    assert_eq!(
        bob.get("/models").await.body["items"]
            .as_array()
            .unwrap()
            .len(),
        20
    );
}

/// A local model server without a key.
async fn keyless() -> (u16, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = client.read(&mut request).await;
            let body = r#"{"data":[{"id":"tiny"}]}"#;
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close";
            let answer = format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            let _ = client.write_all(answer.as_bytes()).await;
        }
    });
    (port, tasks)
}

#[tokio::test]
async fn a_model_server_on_this_machine_is_found_and_can_be_added() {
    let (port, _server) = keyless().await;
    let app = TestApp::with(TestOptions {
        local_port: Some(port),
        ..TestOptions::default()
    })
    .await;
    let ada = app.admin().await;
    let mut found = app.app.local_servers.clone();
    found.wait_for(|servers| !servers.is_empty()).await.unwrap();
    let list = ada.get("/providers/local").await.body;
    let base_url = format!("http://127.0.0.1:{port}/v1");
    assert_eq!(
        list["items"],
        json!([{"name": "local", "base_url": base_url}])
    );
    let body = json!({"name": "local", "kind": "openai_compatible", "base_url": base_url});
    let added = ada.post("/providers", body).await;
    assert_eq!(
        (added.status.as_u16(), &added.body["health"]),
        (201, &json!("ok")),
        "{added:?}"
    );
    let models = ada.get("/models").await.body;
    assert_eq!(models["items"][1]["id"], "local/tiny");
    // Other private addresses are still refused.
    let body = json!({"name": "x", "kind": "openai_compatible", "base_url": "http://127.0.0.1:1"});
    assert_eq!(
        ada.post("/providers", body).await.code(),
        (422, "egress_blocked")
    );
}
