//! A repeated write with an idempotency key returns the same result and happens once.

use domain::Subject;
use reqwest::Method;
use serde_json::{Value, json};

use crate::test_app::{Answer, Person, TestApp, send};

/// Sends a request twice with one key: the second reply must equal the first, and the log must not grow.
async fn send_twice(
    person: &Person<'_>,
    method: Method,
    path: &str,
    body: Option<Value>,
) -> Answer {
    let ask = async || {
        let mut request = person
            .request(method.clone(), path)
            .header("Idempotency-Key", "once");
        if let Some(body) = &body {
            request = request.json(body);
        }
        send(request).await
    };
    let first = ask().await;
    assert!(first.status.is_success(), "{method} {path}: {first:?}");
    let written = person.events().await;
    let again = ask().await;
    assert_eq!(
        (again.status, &again.body),
        (first.status, &first.body),
        "{method} {path}"
    );
    assert_eq!(person.events().await, written, "{method} {path}");
    first
}

#[tokio::test]
async fn writes_happen_once_per_idempotency_key() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let bob = app.person("bob").await;
    let body = |text: &str| Some(serde_json::from_str(text).unwrap());
    let (post, patch) = (|| Method::POST, || Method::PATCH);

    let conversation = send_twice(&bob, post(), "/conversations", body("{}"))
        .await
        .id();
    let path = format!("/conversations/{conversation}");
    send_twice(&bob, patch(), &path, body(r#"{"title":"Sea"}"#)).await;
    let messages = format!("{path}/messages");
    send_twice(
        &bob,
        post(),
        &messages,
        body(r#"{"content":"a","respond":false}"#),
    )
    .await;
    send_twice(&bob, Method::DELETE, &path, None).await;
    send_twice(&bob, post(), &format!("{path}/restore"), None).await;

    let created = body(r#"{"name":"Poet","status":"draft"}"#);
    let assistant = send_twice(&bob, post(), "/assistants", created).await.id();
    let path = format!("/assistants/{assistant}");
    send_twice(&bob, patch(), &path, body(r#"{"name":"Bard"}"#)).await;
    send_twice(&bob, post(), &format!("{path}/activate"), None).await;
    send_twice(&bob, post(), &format!("{path}/deactivate"), None).await;
    send_twice(&bob, post(), &format!("{path}/duplicate"), None).await;
    send_twice(&bob, post(), &format!("{path}/versions/1/restore"), None).await;
    send_twice(&bob, Method::DELETE, &path, None).await;

    send_twice(
        &bob,
        patch(),
        "/users/me",
        body(r#"{"display_name":"Bobby"}"#),
    )
    .await;
    let password = body(r#"{"current_password":"correct horse","new_password":"battery staple"}"#);
    send_twice(&bob, Method::PUT, "/users/me/password", password).await;
    let user =
        body(r#"{"email":"c@x.org","password":"correct horse","display_name":"C","role":"user"}"#);
    let carol = send_twice(&admin, post(), "/users", user).await.id();
    let path = format!("/users/{carol}");
    send_twice(
        &admin,
        patch(),
        &path,
        body(r#"{"role":"manager","suspended":true}"#),
    )
    .await;
}

/// The object is gone when the request is repeated, but the first result is returned.
#[tokio::test]
async fn a_repeated_deletion_returns_the_first_result() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let bob = app.person("bob").await;
    let path = format!("/users/{}", bob.id);
    let erase = async || {
        let request = admin.request(Method::DELETE, &path);
        send(request.header("Idempotency-Key", "gone")).await
    };
    let (first, again) = (erase().await, erase().await);
    assert_eq!(
        (first.status, again.status),
        (202.try_into().unwrap(), first.status)
    );
    assert_eq!(again.id(), first.id(), "the same job");
    assert_eq!(admin.delete(&path).await.status, 404);
    app.app
        .keys
        .forget(&Subject::new("user", bob.id.parse().unwrap()));
}

#[tokio::test]
async fn a_key_with_another_body_is_refused_and_keys_are_bound_to_the_object() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let (one, two) = (ada.conversation().await, ada.conversation().await);
    let rename = async |id: &str, title: &str| {
        let request = ada.request(Method::PATCH, &format!("/conversations/{id}"));
        let body = json!({"title": title});
        send(request.header("Idempotency-Key", "k").json(&body)).await
    };
    assert_eq!(rename(&one, "Sea").await.status, 200);
    assert_eq!(
        rename(&one, "Sky").await.code(),
        (422, "idempotency_mismatch")
    );
    assert_eq!(rename(&two, "Sky").await.status, 200);
    assert_eq!(
        ada.get(&format!("/conversations/{one}")).await.body["title"],
        "Sea"
    );
}
