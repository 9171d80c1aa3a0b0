use reqwest::Method;
use serde_json::json;

use crate::examples::{Call, Recorder};
use crate::feature::{Feature, Recording, Rules};
use crate::rights::Rule;
use crate::test_app::{TestApp, send};

pub struct Setup;

impl Feature for Setup {
    fn rules(&self) -> Rules {
        &[(Rule::Public, &["getSetup", "setUp"])]
    }

    fn record<'a>(&'a self, recorder: &'a mut Recorder<'_>) -> Recording<'a> {
        Box::pin(async move {
            recorder.call("getSetup", Call::anonymous()).await;
            let body = json!({
                "token": recorder.app.app.setup_token, "email": "grace@example.org",
                "password": "correct horse battery staple", "display_name": "Grace Hopper",
            });
            let session = recorder
                .call_with_body("setUp", Call::anonymous(), body)
                .await;
            session["access_token"]
                .as_str()
                .unwrap()
                .clone_into(&mut recorder.admin);
        })
    }
}

#[tokio::test]
async fn setup_creates_one_administrator_and_closes() {
    let app = TestApp::start().await;
    assert_eq!(
        app.get("/api/v1/setup").await.body,
        json!({"needed": true, "registration_open": false})
    );
    let refused =
        json!({"email": "x@example.org", "password": "correct horse", "display_name": "X"});
    assert_eq!(
        app.post("/api/v1/auth/register", refused).await.code(),
        (409, "setup_required")
    );

    let admin = app.admin().await;
    assert_eq!(admin.get("/users/me").await.body["role"], "admin");
    assert_eq!(
        app.get("/api/v1/setup").await.body,
        json!({"needed": false, "registration_open": true})
    );
    assert_eq!(app.set_up().await.code(), (410, "setup_over"));
}

#[tokio::test]
async fn a_wrong_setup_token_and_invalid_fields_are_named() {
    let app = TestApp::start().await;
    for (field, value, code) in [
        ("token", "wrong", "wrong_token"),
        ("email", "nobody", "invalid_email"),
        ("password", "short", "too_short"),
        ("display_name", "", "invalid_display_name"),
    ] {
        let mut body = json!({
            "token": app.app.setup_token, "email": "a@example.org", "password": "correct horse",
            "display_name": "A",
        });
        body[field] = json!(value);
        let answer = app.post("/api/v1/setup", body).await;
        assert_eq!(answer.status, 422, "{field}");
        assert_eq!(answer.body["errors"][0]["pointer"], format!("/{field}"));
        assert_eq!(answer.body["errors"][0]["code"], code);
    }
    // Setup is still open.
    app.admin().await;
}

#[tokio::test]
async fn only_one_concurrent_setup_succeeds() {
    let app = TestApp::start().await;
    let attempts = (0..6).map(|n| {
        let body = json!({
            "token": app.app.setup_token, "email": format!("a{n}@example.org"), "password": "correct horse",
            "display_name": "A",
        });
        send(app.request(Method::POST, "/api/v1/setup").json(&body))
    });
    let mut answers: Vec<u16> = futures_util::future::join_all(attempts)
        .await
        .iter()
        .map(|answer| answer.status.as_u16())
        .collect();
    answers.sort_unstable();
    assert_eq!(answers, [200, 410, 410, 410, 410, 410]);
}

#[tokio::test]
async fn the_start_page_has_the_form_until_setup_is_complete() {
    let app = TestApp::start().await;
    let page = async || {
        app.request(Method::GET, "/")
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
    };
    let first = page().await;
    assert!(first.contains("<form id=\"setup\""));
    assert!(
        first.contains("convosphere chat --data-dir &lt;x&gt;"),
        "the command is escaped: {first}"
    );
    app.admin().await;
    let done = page().await;
    assert!(!done.contains("<form") && done.contains("/docs"));
}

/// Without administrators, only the command line can create one.
#[tokio::test]
async fn setup_stays_closed_without_administrators() {
    let app = TestApp::start().await;
    app.admin().await;
    sqlx::query("update view_users set role = 'user'")
        .execute(&app.app.pool)
        .await
        .unwrap();
    assert_eq!(app.get("/api/v1/setup").await.body["needed"], false);
    assert_eq!(app.set_up().await.status, 410);
    sqlx::query("delete from view_users")
        .execute(&app.app.pool)
        .await
        .unwrap();
    assert_eq!(app.set_up().await.status, 410);
}
