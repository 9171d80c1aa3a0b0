//! The operator administers with a token that the command line issues, and is not a user.

use api::token::Tokens;
use domain::provider::ProviderKind;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::test_app::{Answer, TestApp, TestOptions, send};

struct Operator<'a> {
    app: &'a TestApp,
    token: String,
}

impl<'a> Operator<'a> {
    async fn new(app: &'a TestApp, os_user: &str) -> Self {
        let key = app.app.keys.signing_key("access-token").await.unwrap();
        let token =
            Tokens::new(app.app.log.id, &key, app.app.clock.clone()).issue_for_operator(os_user);
        Self {
            app,
            token: token.unwrap(),
        }
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let path = format!("/api/v1/{path}");
        let request = self.app.request(method, &path).bearer_auth(&self.token);
        send(match body {
            Some(body) => request.json(&body),
            None => request,
        })
        .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_of_the_operator_carry_the_name_of_the_operating_system_user() {
    let app = TestApp::start().await;
    let operator = Operator::new(&app, "root").await;
    let account = json!({
        "email": "ada@example.org", "display_name": "Ada", "role": "admin", "password": "correct horse",
    });
    let made = operator.call(Method::POST, "users", Some(account)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let events = operator.call(Method::GET, "events", None).await.body;
    let registered = events["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|event| event["aggregate_id"] == made.body["id"])
        .unwrap();
    let metadata = &registered["metadata"];
    assert_eq!(metadata["actor"], json!({"kind": "cli", "id": "root"}));
    assert_eq!(metadata["via"], "cli");
    assert_eq!(metadata["address"], Value::Null, "{metadata}");
    // The first administrator completes the setup.
    let setup = app.get("/api/v1/setup").await.body;
    assert_eq!(setup["needed"], false, "{setup}");
    assert_eq!(app.set_up().await.code(), (410, "setup_over"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_has_no_account_and_no_conversations() {
    let app = TestApp::start().await;
    let operator = Operator::new(&app, "ada").await;
    let id = Uuid::now_v7();
    for (method, path, body) in [
        (Method::GET, "users/me".to_owned(), None),
        (Method::GET, "users/me/preferences".to_owned(), None),
        (Method::GET, "conversations".to_owned(), None),
        (Method::POST, "conversations".to_owned(), Some(json!({}))),
        (
            Method::POST,
            format!("conversations/{id}/messages"),
            Some(json!({"content": "Hello"})),
        ),
        (Method::GET, "search?q=x".to_owned(), None),
        (
            Method::POST,
            "groups".to_owned(),
            Some(json!({"name": "Friends"})),
        ),
        (Method::GET, "auth/sessions".to_owned(), None),
    ] {
        let refused = operator.call(method, &path, body).await;
        assert_eq!(refused.status, 403, "{path}: {}", refused.body);
        let detail = refused.body["detail"].as_str().unwrap();
        assert!(detail.contains("access token of a user"), "{detail}");
    }
    for path in [
        "users",
        "providers",
        "settings",
        "jobs",
        "projections",
        "events",
        "backups",
    ] {
        let answer = operator.call(Method::GET, path, None).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    }
}

/// Scripts that create many accounts on the machine of the installation are not slowed down.
#[tokio::test(flavor = "multi_thread")]
async fn writes_of_the_operator_are_not_limited_and_private_addresses_are_allowed() {
    let app = TestApp::with(TestOptions {
        rate_limit: true,
        ..TestOptions::default()
    })
    .await;
    let operator = Operator::new(&app, "ada").await;
    for _ in 0..400 {
        let refused = operator
            .call(Method::DELETE, &format!("users/{}", Uuid::nil()), None)
            .await;
        assert_eq!(refused.status, 404, "{}", refused.body);
    }
    let provider = json!({
        "name": "local", "kind": ProviderKind::OpenaiCompatible.into_str(), "base_url": "http://127.0.0.1:9/v1",
    });
    let added = operator
        .call(Method::POST, "providers", Some(provider.clone()))
        .await;
    assert_eq!(added.status, 201, "{}", added.body);
    let ada = app.admin().await;
    let refused = ada.post("/providers", provider).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert_eq!(refused.body["code"], "egress_blocked");
}
