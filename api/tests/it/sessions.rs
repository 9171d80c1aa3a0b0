//! Refresh tokens: lost replies, concurrent tabs, devices and theft. Time is simulated in the database.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use projections::user::sessions;
use reqwest::Method;
use serde_json::json;

use crate::cases::World;
use crate::examples::Recorder;
use crate::feature::{Feature, NewCase, Recording, Rules};
use crate::rights::Rule;
use crate::test_app::{Answer, Person, TestApp, TestOptions, send};

pub struct Sessions;

impl Feature for Sessions {
    fn rules(&self) -> Rules {
        &[
            (Rule::ANYONE, &["listSessions", "endAllSessions"]),
            (Rule::OWNER, &["endSession"]),
        ]
    }

    fn case<'a>(&'a self, world: &'a World<'a>, operation: &'a str) -> NewCase<'a> {
        Box::pin(async move {
            if operation != "endSession" {
                return None;
            }
            let login = json!({"email": "admin@example.org", "password": "correct horse"});
            let app = world.admin.app;
            let other = Person::new(app, &app.post("/api/v1/auth/login", login).await);
            let sessions = other.get("/auth/sessions").await.body["items"].clone();
            let mut sessions = sessions.as_array().unwrap().iter();
            let session = sessions.find(|session| session["current"] == true);
            let id = session.unwrap()["id"].as_str().unwrap();
            Some(world.request(operation, &[id]))
        })
    }

    fn record<'a>(&'a self, recorder: &'a mut Recorder<'_>) -> Recording<'a> {
        Box::pin(async move {
            recorder.call("listSessions", recorder.user(&[])).await;
        })
    }
}

const PHONE: &str = "Phone/1.0";
const HOME: &str = "203.0.113.9";

/// Refreshes as a device with a user agent and an address.
async fn refresh(app: &TestApp, token: &str, agent: &str, address: &str) -> Answer {
    let request = app
        .request(Method::POST, "/api/v1/auth/refresh")
        .header("User-Agent", agent)
        .header("X-Forwarded-For", address)
        .json(&json!({"refresh_token": token}));
    send(request).await
}

async fn start_behind_proxy() -> TestApp {
    TestApp::with(TestOptions {
        responder: false,
        trusted_proxy: Some("127.0.0.0/8".parse().unwrap()),
        ..TestOptions::default()
    })
    .await
}

/// Simulates that time has passed since tokens were used.
async fn advance_time(app: &TestApp, minutes: i32) {
    sqlx::query("update auth_refresh_tokens set used_at = used_at - make_interval(mins => $1)")
        .bind(minutes)
        .execute(&app.app.pool)
        .await
        .unwrap();
}

/// The number of unused tokens of active sessions.
async fn count_live_tokens(app: &TestApp) -> i64 {
    sqlx::query_scalar(
        "select count(*) from auth_refresh_tokens t join auth_sessions s on s.id = t.session_id
         where s.revoked_at is null and t.used_at is null",
    )
    .fetch_one(&app.app.pool)
    .await
    .unwrap()
}

fn token(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["refresh_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_refresh_can_be_repeated_by_the_same_device_for_an_hour() {
    for minutes in [0, 1, 12, 59] {
        let app = start_behind_proxy().await;
        let first = app.admin().await.refresh_token;
        let lost = token(&refresh(&app, &first, PHONE, HOME).await);
        advance_time(&app, minutes).await;
        // The device has got a neighbouring address in the meantime.
        let again = token(&refresh(&app, &first, PHONE, "203.0.113.77").await);
        assert_eq!(again, lost, "after {minutes} minutes");
        assert_eq!(count_live_tokens(&app).await, 1);
        let next = refresh(&app, &again, PHONE, HOME).await;
        let person = Person::new(&app, &next);
        assert_eq!(person.get("/users/me").await.status, 200);
    }
}

#[tokio::test]
async fn concurrent_refreshes_with_one_token_return_the_same_token() {
    for count in [2, 3, 30] {
        let app = start_behind_proxy().await;
        let first = app.admin().await.refresh_token;
        let answers = join_all((0..count).map(|_| refresh(&app, &first, PHONE, HOME))).await;
        let tokens: BTreeSet<String> = answers.iter().map(token).collect();
        assert_eq!(tokens.len(), 1, "{count} at once");
        assert_eq!(count_live_tokens(&app).await, 1);
        for answer in &answers {
            let tab = Person::new(&app, answer);
            assert_eq!(tab.get("/users/me").await.status, 200);
        }
        // Each tab can refresh again.
        let rounds = join_all((0..count).map(|_| {
            let token = tokens.first().unwrap();
            refresh(&app, token, PHONE, HOME)
        }));
        assert!(rounds.await.iter().all(|answer| answer.status == 200));
        assert_eq!(count_live_tokens(&app).await, 1);
    }
}

#[tokio::test]
async fn reuse_by_another_device_or_too_late_ends_the_session() {
    for (agent, address, minutes) in [
        ("Other/1.0", HOME, 0),
        ("", HOME, 0),
        (PHONE, "198.51.100.1", 0),
        (PHONE, "2001:db8::1", 0),
        (PHONE, HOME, 61),
        (PHONE, HOME, 60 * 24),
    ] {
        let app = start_behind_proxy().await;
        let owner = app.admin().await;
        let first = refresh(&app, &owner.refresh_token, PHONE, HOME).await;
        advance_time(&app, minutes).await;
        let case = format!("{agent} {address} after {minutes} minutes");
        let thief = refresh(&app, &owner.refresh_token, agent, address).await;
        assert_eq!(thief.code(), (401, "refresh_token_reused"), "{case}");
        // The owner gets the reason with any token of the session.
        let owner = refresh(&app, &token(&first), PHONE, HOME).await;
        assert_eq!(owner.code(), (401, "refresh_token_reused"), "{case}");
        let access = Person::new(&app, &first).get("/users/me").await;
        assert_eq!(access.status, 401, "{case}");
        assert_eq!(count_live_tokens(&app).await, 0, "{case}");
    }
}

#[tokio::test]
async fn reuse_after_the_successor_ends_the_session() {
    for minutes in [0, 30] {
        let app = start_behind_proxy().await;
        let stolen = app.admin().await.refresh_token;
        let second = token(&refresh(&app, &stolen, PHONE, HOME).await);
        let third = token(&refresh(&app, &second, PHONE, HOME).await);
        advance_time(&app, minutes).await;
        let reused = refresh(&app, &stolen, PHONE, HOME).await;
        assert_eq!(reused.code(), (401, "refresh_token_reused"));
        let ended = refresh(&app, &third, PHONE, HOME).await;
        assert_eq!(ended.code(), (401, "refresh_token_reused"));
    }
}

#[tokio::test]
async fn a_stolen_token_never_works_alongside_the_owner() {
    let app = start_behind_proxy().await;
    let stolen = app.admin().await.refresh_token;
    let (mut owner, mut thief) = (stolen.clone(), stolen);
    let mut ended = false;
    for round in 0..6 {
        let answer = refresh(&app, &thief, PHONE, "198.51.100.1").await;
        ended |= answer.status == 401;
        if let Some(token) = answer.body["refresh_token"].as_str() {
            thief = token.to_owned();
        }
        let answer = refresh(&app, &owner, PHONE, HOME).await;
        ended |= answer.status == 401;
        if let Some(token) = answer.body["refresh_token"].as_str() {
            owner = token.to_owned();
        }
        assert!(count_live_tokens(&app).await <= 1, "round {round}");
        advance_time(&app, 1).await;
    }
    assert!(ended);
    assert_eq!(count_live_tokens(&app).await, 0);
}

#[tokio::test]
async fn token_reuse_ends_only_its_own_session() {
    let app = start_behind_proxy().await;
    let here = app.admin().await;
    let login = json!({"email": "admin@example.org", "password": "correct horse"});
    let there = Person::new(&app, &app.post("/api/v1/auth/login", login).await);
    refresh(&app, &here.refresh_token, PHONE, HOME).await;
    let reused = refresh(&app, &here.refresh_token, "Other/1.0", HOME).await;
    assert_eq!(reused.status, 401);
    assert_eq!(there.get("/users/me").await.status, 200);
    // A logout is not reported as theft.
    assert_eq!(there.post("/auth/logout", json!({})).await.status, 204);
    let gone = refresh(&app, &there.refresh_token, PHONE, HOME).await;
    assert_eq!(gone.code(), (401, "unauthorized"));
}

#[tokio::test]
async fn an_unused_successor_of_an_earlier_version_is_replaced() {
    let app = start_behind_proxy().await;
    let first = app.admin().await.refresh_token;
    let lost = token(&refresh(&app, &first, PHONE, HOME).await);
    // As written by an earlier version: a random successor without a device.
    sqlx::query(
        "update auth_refresh_tokens set hash = case when parent_hash is null then hash else sha256('x') end, device = null",
    )
    .execute(&app.app.pool)
    .await
    .unwrap();
    assert_eq!(token(&refresh(&app, &first, PHONE, HOME).await), lost);
    assert_eq!(count_live_tokens(&app).await, 1);
}

#[tokio::test]
async fn the_user_agent_is_stored_encrypted_and_shown_to_the_owner() {
    let app = TestApp::start().await;
    app.admin().await;
    let request = app
        .request(Method::POST, "/api/v1/auth/login")
        .header("User-Agent", "Canary Browser 7")
        .json(&json!({"email": "admin@example.org", "password": "correct horse"}));
    let owner = Person::new(&app, &send(request).await);
    let sessions = owner.get("/auth/sessions").await.body["items"].clone();
    let agents: Vec<_> = sessions
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["user_agent"])
        .collect();
    assert!(agents.contains(&&json!("Canary Browser 7")), "{sessions}");
    let clear: i64 =
        sqlx::query_scalar("select count(*) from auth_sessions where user_agent like '%Canary%'")
            .fetch_one(&app.app.pool)
            .await
            .unwrap();
    assert_eq!(clear, 0);
}

/// Logs in with headers that a browser sends.
async fn sign_in(app: &TestApp, headers: &[(&str, &str)], cookie: bool) -> Answer {
    let login =
        json!({"email": "admin@example.org", "password": "correct horse", "cookie": cookie});
    let mut request = app.request(Method::POST, "/api/v1/auth/login").json(&login);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(request).await
}

#[tokio::test]
async fn login_is_refused_if_the_browser_would_drop_the_cookie() {
    let app = TestApp::with(TestOptions {
        secure_cookies: true,
        trusted_proxy: Some("127.0.0.0/8".parse().unwrap()),
        ..TestOptions::default()
    })
    .await;
    app.admin().await;
    for (headers, kept) in [
        (&[("Origin", "https://chat.example.org")][..], true),
        (
            &[
                ("Origin", "https://chat.example.org"),
                ("X-Forwarded-Proto", "http"),
            ],
            true,
        ),
        (&[("Origin", "http://localhost:8080")], true),
        (&[("Origin", "http://127.0.0.1:8080")], true),
        (&[("Origin", "http://[::1]:8080")], true),
        (&[("Origin", "null")], true),
        (&[], true),
        (
            &[("Host", "chat.example.org"), ("X-Forwarded-Proto", "https")],
            true,
        ),
        (&[("Origin", "http://chat.example.org")], false),
        (&[("Origin", "http://192.168.1.2:8080")], false),
        (&[("Origin", "http://localhost.example.org")], false),
        (
            &[("Host", "chat.example.org"), ("X-Forwarded-Proto", "http")],
            false,
        ),
        (
            &[
                ("Host", "chat.example.org"),
                ("X-Forwarded-Proto", "https, http"),
            ],
            false,
        ),
    ] {
        let answer = sign_in(&app, headers, true).await;
        if kept {
            assert_eq!(answer.status, 200, "{headers:?} {answer:?}");
            assert!(answer.header("set-cookie").contains("; Secure"));
        } else {
            assert_eq!(answer.code(), (403, "https_required"), "{headers:?}");
        }
        // Without the cookie, login works.
        assert_eq!(sign_in(&app, headers, false).await.status, 200);
    }
    let open = TestApp::start().await;
    open.admin().await;
    let origin = [("Origin", "http://chat.example.org")];
    assert_eq!(sign_in(&open, &origin, true).await.status, 200);
}

#[tokio::test]
async fn expired_sessions_are_pruned() {
    let app = start_behind_proxy().await;
    let owner = app.admin().await;
    let login = json!({"email": "admin@example.org", "password": "correct horse"});
    let mut others = vec![];
    for _ in 0..2 {
        others.push(Person::new(
            &app,
            &app.post("/api/v1/auth/login", login.clone()).await,
        ));
    }
    let next = token(&refresh(&app, &owner.refresh_token, PHONE, HOME).await);
    let pool = &app.app.pool;
    sessions::prune(pool).await.unwrap();
    let count = async |table: &str| -> i64 {
        let query = format!("select count(*) from {table}");
        sqlx::query_scalar(&query).fetch_one(pool).await.unwrap()
    };
    assert_eq!(
        (
            count("auth_sessions").await,
            count("auth_refresh_tokens").await
        ),
        (3, 4)
    );
    // One session was not used for a month, the other ended a month ago.
    let shift = "update auth_sessions set used_at = used_at - interval '31 days', created_at = created_at - interval '31 days',
                 revoked_at = case when id = $2::uuid then clock_timestamp() - interval '31 days' end
                 where id <> $1::uuid";
    let ids: Vec<uuid::Uuid> = sqlx::query_scalar("select id from auth_sessions order by id")
        .fetch_all(pool)
        .await
        .unwrap();
    sqlx::query(shift)
        .bind(ids[0])
        .bind(ids[2])
        .execute(pool)
        .await
        .unwrap();
    sqlx::query("update auth_refresh_tokens set expires_at = expires_at - interval '31 days' where session_id = $1")
        .bind(ids[1])
        .execute(pool)
        .await
        .unwrap();
    sessions::prune(pool).await.unwrap();
    assert_eq!(
        (
            count("auth_sessions").await,
            count("auth_refresh_tokens").await
        ),
        (1, 2)
    );
    assert_eq!(refresh(&app, &next, PHONE, HOME).await.status, 200);
}
