use api::Registration;
use chrono::{DateTime, TimeDelta};
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::examples::{Call, Recorder};
use crate::feature::{Feature, Recording, Rules};
use crate::rights::Rule;
use crate::test_app::{Person, TestApp, TestOptions, send};

pub struct Auth;

impl Feature for Auth {
    fn rules(&self) -> Rules {
        &[
            (Rule::Public, &["register", "login", "refresh"]),
            (Rule::ANYONE, &["logout"]),
        ]
    }

    fn record<'a>(&'a self, recorder: &'a mut Recorder<'_>) -> Recording<'a> {
        Box::pin(async move {
            let (email, password) = ("ada@example.org", "correct horse battery staple");
            let account =
                json!({"email": email, "password": password, "display_name": "Ada Lovelace"});
            recorder
                .call_with_body("register", Call::anonymous(), account)
                .await;
            let login = json!({"email": email, "password": password});
            let session = recorder
                .call_with_body("login", Call::anonymous(), login)
                .await;
            let refresh = json!({"refresh_token": session["refresh_token"]});
            let session = recorder
                .call_with_body("refresh", Call::anonymous(), refresh)
                .await;
            session["access_token"]
                .as_str()
                .unwrap()
                .clone_into(&mut recorder.user);
        })
    }
}

async fn refresh(app: &TestApp, token: &str) -> crate::test_app::Answer {
    app.post("/api/v1/auth/refresh", json!({"refresh_token": token}))
        .await
}

#[tokio::test]
async fn login_refresh_and_logout() {
    let app = TestApp::start().await;
    app.admin().await;
    let login = json!({"email": " ADMIN@example.org", "password": "correct horse"});
    let person = Person::new(&app, &app.post("/api/v1/auth/login", login).await);
    let refreshed = Person::new(&app, &refresh(&app, &person.refresh_token).await);
    assert_ne!(refreshed.refresh_token, person.refresh_token);
    assert_eq!(refreshed.get("/users/me").await.status, 200);
    let gone = refreshed.post("/auth/logout", json!({})).await;
    assert_eq!(gone.status, 204);
    assert_eq!(refreshed.get("/users/me").await.status, 401);
    assert_eq!(refresh(&app, &refreshed.refresh_token).await.status, 401);
}

#[tokio::test]
async fn an_access_token_expires_after_fifteen_minutes_and_is_refreshed() {
    let app = TestApp::with(TestOptions {
        now: Some(DateTime::UNIX_EPOCH + TimeDelta::days(20_000)),
        ..TestOptions::default()
    })
    .await;
    let person = app.admin().await;
    // The tolerance for clocks of other processes is five seconds.
    app.app.clock.advance(TimeDelta::seconds(905));
    assert_eq!(person.get("/users/me").await.status, 200);
    app.app.clock.advance(TimeDelta::seconds(1));
    assert_eq!(person.get("/users/me").await.status, 401);
    let refreshed = Person::new(&app, &refresh(&app, &person.refresh_token).await);
    assert_eq!(refreshed.get("/users/me").await.status, 200);
}

#[tokio::test]
async fn known_and_unknown_addresses_get_the_same_error() {
    let app = TestApp::start().await;
    app.admin().await;
    let mut answers = Vec::new();
    for email in ["admin@example.org", "nobody@example.org"] {
        let answer = app
            .post(
                "/api/v1/auth/login",
                json!({"email": email, "password": "wrong horse"}),
            )
            .await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        let mut body = answer.body;
        body["request_id"] = json!(null);
        answers.push(body);
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn two_tabs_can_refresh_at_once_and_an_older_token_revokes_the_session() {
    let app = TestApp::start().await;
    let person = app.admin().await;
    let first = Person::new(&app, &refresh(&app, &person.refresh_token).await);
    // The other tab refreshes a moment later, with the same token.
    let second = Person::new(&app, &refresh(&app, &person.refresh_token).await);
    assert_eq!(second.get("/users/me").await.status, 200);
    // After a further refresh, the older token can only be a stolen one.
    let third = Person::new(&app, &refresh(&app, &second.refresh_token).await);
    assert_eq!(third.get("/users/me").await.status, 200);
    assert_eq!(refresh(&app, &person.refresh_token).await.status, 401);
    for tab in [&first, &second, &third] {
        assert_eq!(tab.get("/users/me").await.status, 401);
        assert_eq!(refresh(&app, &tab.refresh_token).await.status, 401);
    }
}

#[tokio::test]
async fn reusing_a_token_after_its_successor_revokes_the_session() {
    let app = TestApp::start().await;
    let person = app.admin().await;
    let first = Person::new(&app, &refresh(&app, &person.refresh_token).await);
    let second = Person::new(&app, &refresh(&app, &first.refresh_token).await);
    assert_eq!(refresh(&app, &person.refresh_token).await.status, 401);
    assert_eq!(second.get("/users/me").await.status, 401);
}

#[tokio::test]
async fn a_refresh_token_is_not_an_access_token() {
    let app = TestApp::start().await;
    let mut person = app.admin().await;
    person.access_token = person.refresh_token.clone();
    assert_eq!(person.get("/users/me").await.code(), (401, "unauthorized"));
}

#[tokio::test]
async fn the_refresh_cookie_is_hidden_from_scripts() {
    let app = TestApp::start().await;
    app.admin().await;
    let login = json!({"email": "admin@example.org", "password": "correct horse", "cookie": true});
    let answer = app.post("/api/v1/auth/login", login).await;
    assert_eq!(answer.body["refresh_token"], json!(null));
    let cookie = answer.header("set-cookie").to_owned();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/api/v1/auth"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let pair = cookie.split(';').next().unwrap();
    let request = app
        .request(Method::POST, "/api/v1/auth/refresh")
        .header("Cookie", pair)
        .json(&json!({}));
    assert_eq!(send(request).await.status, 200);
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let app = TestApp::start().await;
    let here = app.admin().await;
    let login = json!({"email": "admin@example.org", "password": "correct horse"});
    let there = Person::new(&app, &app.post("/api/v1/auth/login", login).await);
    let sessions = here.get("/auth/sessions").await.body["items"].clone();
    let other = sessions
        .as_array()
        .unwrap()
        .iter()
        .find(|session| session["current"] == false)
        .unwrap();
    let path = format!("/auth/sessions/{}", other["id"].as_str().unwrap());
    assert_eq!(here.delete(&path).await.status, 204);
    assert_eq!(there.get("/users/me").await.status, 401);
    assert_eq!(here.delete(&path).await.code(), (404, "not_found"));
    assert_eq!(here.get("/users/me").await.status, 200);
}

#[tokio::test]
async fn sessions_of_others_are_not_found() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let eve = app.person("eve").await;
    let sessions = admin.get("/auth/sessions").await.body["items"].clone();
    let path = format!("/auth/sessions/{}", sessions[0]["id"].as_str().unwrap());
    assert_eq!(eve.delete(&path).await.code(), (404, "not_found"));
    assert_eq!(admin.get("/users/me").await.status, 200);
}

#[tokio::test]
async fn an_address_is_taken_in_any_case() {
    let app = TestApp::start().await;
    app.admin().await;
    let body =
        json!({"email": "Admin@Example.org", "password": "correct horse", "display_name": "B"});
    let answer = app.post("/api/v1/auth/register", body).await;
    assert_eq!(answer.code(), (409, "email_taken"));
    assert_eq!(answer.body["errors"][0]["pointer"], "/email");
}

#[tokio::test]
async fn registration_can_be_closed() {
    let app = TestApp::with(TestOptions {
        registration: Registration::Closed,
        ..TestOptions::default()
    })
    .await;
    app.admin().await;
    let body = json!({"email": "b@example.org", "password": "correct horse", "display_name": "B"});
    assert_eq!(
        app.post("/api/v1/auth/register", body).await.code(),
        (403, "registration_closed")
    );
}

#[tokio::test]
async fn unusual_passwords_are_accepted_or_refused() {
    let app = TestApp::start().await;
    app.admin().await;
    for (name, password, status) in [
        ("a", "🔑".repeat(64), 200),
        ("b", " spaces at the ends ".into(), 200),
        ("c", "x".repeat(1_025), 422),
        ("d", "with\0nul-inside".into(), 422),
        ("e", String::new(), 422),
    ] {
        let email = format!("{name}@example.org");
        let body = json!({"email": email, "password": password, "display_name": name});
        let answer = app.post("/api/v1/auth/register", body).await;
        assert_eq!(answer.status, status, "{name}: {answer:?}");
        if status == 200 {
            let login = app
                .post(
                    "/api/v1/auth/login",
                    json!({"email": email, "password": password}),
                )
                .await;
            assert_eq!(login.status, 200);
            let trimmed = json!({"email": email, "password": format!("{password}x")});
            assert_eq!(app.post("/api/v1/auth/login", trimmed).await.status, 401);
        }
    }
}

#[tokio::test]
async fn passwords_are_compared_in_normalized_form() {
    let app = TestApp::start().await;
    app.admin().await;
    for (name, set, typed) in [
        ("nfc", "pässwörd-é", "pa\u{308}sswo\u{308}rd-e\u{301}"),
        ("nfd", "pa\u{308}sswo\u{308}rd-e\u{301}", "pässwörd-é"),
    ] {
        let email = format!("{name}@example.org");
        let body = json!({"email": email, "password": set, "display_name": name});
        assert_eq!(app.post("/api/v1/auth/register", body).await.status, 200);
        for (password, status) in [(set, 200), (typed, 200), ("password-e", 401)] {
            let login = json!({"email": email, "password": password});
            assert_eq!(app.post("/api/v1/auth/login", login).await.status, status);
        }
    }
}

#[tokio::test]
async fn invisible_names_and_addresses_are_refused() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    for name in [
        "\u{200b}",
        "\u{3164}",
        "\u{2800}",
        "\u{202e}",
        "ada\u{202e}",
        "\u{ad}\u{fe0f}",
    ] {
        let body =
            json!({"email": "x@example.org", "password": "correct horse", "display_name": name});
        let answer = app.post("/api/v1/auth/register", body).await;
        assert_eq!(answer.status, 422, "{name:?}");
        assert_eq!(answer.body["errors"][0]["pointer"], "/display_name");
        let titled = ada.post("/conversations", json!({"title": name})).await;
        assert_eq!(titled.status, 422, "{name:?}");
        assert_eq!(titled.body["errors"][0]["pointer"], "/title");
    }
    for email in [
        "admin\u{200b}@example.org",
        "\u{202e}admin@example.org",
        "\u{ff41}dmin@example.org",
    ] {
        let body = json!({"email": email, "password": "correct horse", "display_name": "x"});
        let answer = app.post("/api/v1/auth/register", body).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.body["errors"][0]["pointer"]),
            (422, &json!("/email"))
        );
    }
}

#[tokio::test]
async fn guessing_is_rate_limited_with_retry_after() {
    let app = TestApp::with(TestOptions {
        rate_limit: true,
        ..TestOptions::default()
    })
    .await;
    app.admin().await;
    let guess = json!({"email": "admin@example.org", "password": "wrong horse"});
    let first = app.post("/api/v1/auth/login", guess.clone()).await;
    assert_eq!(first.status, 401);
    assert!(
        first
            .header("ratelimit-policy")
            .contains("\"account\";q=10;w=60")
    );
    assert!(first.header("ratelimit").starts_with("\"account\";r=9;t="));
    let mut last = None;
    for n in 0..11 {
        // The header is ignored, because the client is not a trusted proxy.
        let request = app.request(Method::POST, "/api/v1/auth/login").json(&guess);
        last = Some(send(request.header("X-Forwarded-For", format!("192.0.2.{n}"))).await);
    }
    let refused = last.unwrap();
    assert_eq!(refused.code(), (429, "rate_limited"));
    assert!(
        refused
            .header("ratelimit")
            .starts_with("\"account\";r=0;t=")
    );
    assert!(refused.header("retry-after").parse::<u64>().unwrap() <= 61);
}

#[tokio::test]
async fn only_invalid_refresh_tokens_are_rate_limited() {
    let app = TestApp::with(TestOptions {
        rate_limit: true,
        ..TestOptions::default()
    })
    .await;
    let admin = app.admin().await;
    let mut token = admin.refresh_token.clone();
    // As if many people behind one address reloaded their pages at the same time.
    for _ in 0..70 {
        token = Person::new(&app, &refresh(&app, &token).await).refresh_token;
    }
    for _ in 0..59 {
        assert_eq!(refresh(&app, "guessed").await.status, 401);
    }
    // One attempt per second is refilled, so more may pass on a slow machine.
    let mut last = refresh(&app, "guessed").await;
    for _ in 0..200 {
        if last.status == 401 {
            last = refresh(&app, "guessed").await;
        }
    }
    assert_eq!(last.code(), (429, "rate_limited"));
    assert_eq!(refresh(&app, &token).await.status, 200);
}
