//! What people sign in with: changing their own password and address.

use serde_json::json;

use crate::test_app::{Person, TestApp};

#[tokio::test]
async fn changing_the_password_ends_other_sessions() {
    let app = TestApp::start().await;
    let here = app.admin().await;
    let login = json!({"email": "admin@example.org", "password": "correct horse"});
    let there = Person::new(&app, &app.post("/api/v1/auth/login", login.clone()).await);
    let change =
        |current: &str| json!({"current_password": current, "new_password": "battery staple"});
    let put = |body| {
        crate::test_app::send(
            here.request(reqwest::Method::PUT, "/users/me/password")
                .json(&body),
        )
    };
    assert_eq!(put(change("wrong")).await.status, 422);
    assert_eq!(put(change("correct horse")).await.status, 204);
    assert_eq!(here.get("/users/me").await.status, 200);
    assert_eq!(there.get("/users/me").await.status, 401);
    assert_eq!(app.post("/api/v1/auth/login", login).await.status, 401);
}

#[tokio::test]
async fn people_change_their_address_with_their_password() {
    let app = TestApp::start().await;
    let (admin, bob) = (app.admin().await, app.person("bob").await);
    let change = |email: &str, password: &str| {
        bob.put(
            "/users/me/email",
            json!({"email": email, "current_password": password}),
        )
    };
    for (email, password, pointer) in [
        ("robert@example.org", "wrong", "/current_password"),
        ("robert", "correct horse", "/email"),
        ("", "correct horse", "/email"),
    ] {
        let refused = change(email, password).await;
        assert_eq!(refused.status, 422, "{email} {refused:?}");
        assert_eq!(refused.body["errors"][0]["pointer"], pointer);
    }
    let taken = change("admin@example.org", "correct horse").await;
    assert_eq!(taken.code(), (409, "email_taken"));
    let changed = change(" Robert@example.org ", "correct horse").await;
    assert_eq!(changed.status, 200, "{changed:?}");
    assert_eq!(changed.body["email"], "Robert@example.org");
    assert_eq!(bob.get("/users/me").await.body, changed.body);
    let login = async |email: &str| {
        let body = json!({"email": email, "password": "correct horse"});
        app.post("/api/v1/auth/login", body).await.status.as_u16()
    };
    assert_eq!(login("robert@example.org").await, 200);
    assert_eq!(login("bob@example.org").await, 401);
    // The earlier address is free again.
    app.person("bob").await;
    assert_eq!(
        admin.get("/users/me").await.body["email"],
        "admin@example.org"
    );
}
