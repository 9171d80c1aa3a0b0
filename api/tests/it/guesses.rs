//! Password guessing is limited, with bounded memory, and without locking others out.

use api::Registration;
use reqwest::Method;
use serde_json::{Value, json};

use crate::test_app::{Answer, TestApp, TestOptions, send};

const OWNER: &str = "192.0.2.10";

async fn start_limited() -> TestApp {
    let app = TestApp::with(TestOptions {
        responder: false,
        rate_limit: true,
        registration: Registration::Open,
        trusted_proxy: Some("127.0.0.0/8".parse().unwrap()),
        ..TestOptions::default()
    })
    .await;
    app.admin().await;
    app
}

async fn post_from(app: &TestApp, address: &str, path: &str, body: &Value) -> Answer {
    let request = app
        .request(Method::POST, path)
        .header("X-Forwarded-For", address);
    send(request.json(body)).await
}

async fn login(app: &TestApp, address: &str, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    post_from(app, address, "/api/v1/auth/login", &body).await
}

#[tokio::test]
async fn malformed_credentials_are_refused_before_they_count() {
    let app = start_limited().await;
    for n in 0..200 {
        let (email, password) = match n % 4 {
            0 => (
                format!("{n}{}@example.org", "a".repeat(300)),
                "xxxxxxxx".to_owned(),
            ),
            1 => (format!("{n}{}", "a".repeat(200)), "xxxxxxxx".to_owned()),
            2 => (format!("{n}@{}", "é".repeat(127)), "xxxxxxxx".to_owned()),
            _ => (format!("{n}@example.org"), "x".repeat(1_025)),
        };
        for path in ["/api/v1/auth/login", "/api/v1/auth/register"] {
            let mut body = json!({"email": email, "password": password});
            if path.ends_with("register") {
                body["display_name"] = json!("x");
            }
            let answer = post_from(&app, &format!("10.1.{n}.1"), path, &body).await;
            assert_eq!(answer.status, 422, "{path} {n}: {answer:?}");
            let pointer = if n % 4 == 3 { "/password" } else { "/email" };
            assert_eq!(answer.body["errors"][0]["pointer"], pointer);
            assert_eq!(answer.header("ratelimit"), "");
        }
    }
    assert_eq!(app.app.limits.retained(), 0);
}

#[tokio::test]
async fn bodies_with_credentials_are_small() {
    let app = start_limited().await;
    let huge = format!(
        "{{\"email\":\"{}@x\",\"password\":\"xxxxxxxx\"}}",
        "a".repeat(200_000)
    );
    for path in ["auth/login", "auth/register", "auth/refresh", "setup"] {
        for with_length in [true, false] {
            let request = app
                .request(Method::POST, &format!("/api/v1/{path}"))
                .header("Content-Type", "application/json");
            let body = match with_length {
                true => reqwest::Body::from(huge.clone()),
                false => {
                    let pieces = huge.as_bytes().chunks(10_000).map(<[u8]>::to_vec);
                    let pieces: Vec<Result<_, std::io::Error>> = pieces.map(Ok).collect();
                    reqwest::Body::wrap_stream(futures_util::stream::iter(pieces))
                }
            };
            // The server replies before it has read everything: the client sees the reply or a closed connection.
            if let Ok(response) = request.body(body).send().await {
                assert_eq!(response.status(), 413, "{path}, with length: {with_length}");
            }
        }
    }
    assert_eq!(app.app.limits.retained(), 0);
    // The longest allowed password, with every character escaped.
    let escaped = format!(
        "{{\"email\":\"admin@example.org\",\"password\":\"{}\"}}",
        "\\u0078".repeat(1_024)
    );
    let request = app
        .request(Method::POST, "/api/v1/auth/login")
        .header("Content-Type", "application/json")
        .body(escaped);
    assert_eq!(send(request).await.status, 401);
}

#[tokio::test]
async fn guesses_from_other_networks_do_not_lock_the_owner_out() {
    let app = start_limited().await;
    let mut refused = 0;
    for n in 0..30 {
        let guess = login(&app, "198.51.100.1", "admin@example.org", "wrong horse").await;
        refused += u32::from(guess.status == 429);
        if n % 5 == 0 {
            let owner = login(&app, OWNER, " Admin@Example.org", "correct horse").await;
            assert_eq!(owner.status, 200, "after {n} guesses: {owner:?}");
        }
    }
    assert!(refused > 0, "guesses are limited");
    assert!(app.app.limits.retained() <= 4);
}

#[tokio::test]
async fn guesses_from_many_networks_do_not_lock_others_out() {
    let app = start_limited().await;
    for n in 0..150 {
        let address = match n % 2 {
            0 => format!("198.51.{}.{n}:4711", n % 7),
            _ => format!("[2001:db8:{:x}:{n:x}::1]:80", n % 5),
        };
        let guess = login(&app, &address, &format!("{n}@example.org"), "wrong horse").await;
        assert_eq!(guess.status, 401);
    }
    let third = login(&app, OWNER, "admin@example.org", "correct horse").await;
    assert_eq!(third.status, 200, "{third:?}");
}

/// An IPv6 /48 has more networks than any queue has entries.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_site_does_not_lock_others_out() {
    let app = start_limited().await;
    let crowd = async |n: u32| {
        let (address, email) = (format!("2001:db8:1:{n:x}::1"), format!("{n}@example.org"));
        login(&app, &address, &email, "wrong horse").await
    };
    let crowd = futures_util::future::join_all((0..80).map(crowd));
    let third = async |n: u32| {
        let address = ["192.0.2.10", "2001:db8:2::1", "2001:db9:1::1"][n as usize % 3];
        login(&app, address, "admin@example.org", "correct horse").await
    };
    let thirds = futures_util::future::join_all((0..3).map(third));
    let (crowd, thirds) = tokio::join!(crowd, thirds);
    for answer in thirds {
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    for answer in crowd {
        assert!(matches!(answer.status.as_u16(), 401 | 429), "{answer:?}");
    }
}

#[tokio::test]
async fn correct_passwords_are_never_limited() {
    let app = start_limited().await;
    let many = (0..30).map(|_| login(&app, OWNER, "admin@example.org", "correct horse"));
    for answer in futures_util::future::join_all(many).await {
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    let last = login(&app, OWNER, "admin@example.org", "correct horse").await;
    assert!(
        last.header("ratelimit").starts_with("\"account\";r=10;t=0"),
        "{last:?}"
    );
}

#[tokio::test]
async fn sign_ups_that_reveal_accounts_are_limited_and_others_are_not() {
    let app = start_limited().await;
    let body =
        |email: &str| json!({"email": email, "password": "correct horse", "display_name": "x"});
    let taken = body("admin@example.org");
    for _ in 0..10 {
        let answer = post_from(&app, OWNER, "/api/v1/auth/register", &taken).await;
        assert_eq!(answer.code(), (409, "email_taken"));
    }
    let refused = post_from(&app, OWNER, "/api/v1/auth/register", &taken).await;
    assert_eq!(refused.code(), (429, "rate_limited"));
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((300..=360).contains(&wait), "{wait}");
    // Successful sign-ups do not count.
    for n in 0..15 {
        let new = body(&format!("new{n}@example.org"));
        let answer = post_from(&app, "192.0.2.20", "/api/v1/auth/register", &new).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}
