//! What administrators do with accounts: find, change and reset them.

use serde_json::json;

use crate::test_app::{Answer, Person, TestApp};

fn emails(list: &Answer) -> Vec<&str> {
    let users = list.body["items"].as_array().unwrap();
    let emails = users.iter().map(|user| user["email"].as_str().unwrap());
    emails
        .map(|email| email.trim_end_matches("@example.org"))
        .collect()
}

#[tokio::test]
async fn users_are_searched_and_sorted() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for name in ["zoe", "Bob", "bert_"] {
        app.person(name).await;
    }
    for (query, expected) in [
        ("?sort=created_at", vec!["admin", "zoe", "Bob", "bert_"]),
        ("?sort=name", vec!["admin", "bert_", "Bob", "zoe"]),
        ("?q=b&sort=name", vec!["bert_", "Bob"]),
        ("?q=ADMIN%40EXAMPLE", vec!["admin"]),
        ("?q=_", vec!["bert_"]),
        ("?q=nobody", vec![]),
    ] {
        let listed = admin.get(&format!("/users{query}")).await;
        assert_eq!(emails(&listed), expected, "{query}");
    }
    let mut paged = vec![];
    let mut path = "/users?sort=name&limit=1".to_owned();
    loop {
        let page = admin.get(&path).await;
        paged.push(emails(&page)[0].to_owned());
        let Some(cursor) = page.body["next_cursor"].as_str() else {
            break;
        };
        path = format!("/users?sort=name&limit=1&cursor={cursor}");
    }
    assert_eq!(paged, ["admin", "bert_", "Bob", "zoe"]);
}

#[tokio::test]
async fn users_are_sorted_by_their_last_activity() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let (bob, zoe) = (app.person("bob").await, app.person("zoe").await);
    let never = json!({"email": "never@example.org", "display_name": "N", "password": "correct horse", "role": "user"});
    admin.post("/users", never).await;
    for (person, minutes) in [(&admin, 20), (&bob, 10), (&zoe, 30)] {
        sqlx::query(
            "update auth_sessions set used_at = now() - make_interval(mins => $2) where user_id = $1::uuid",
        )
        .bind(&person.id)
        .bind(minutes)
        .execute(&app.app.pool)
        .await
        .unwrap();
    }
    // The session of the administrator is marked as used by this request.
    admin.get("/users/me").await;
    let listed = admin.get("/users?sort=last_active_at").await;
    let order = emails(&listed);
    assert_eq!(order[2..], ["zoe", "never"], "{order:?}");
    let items = listed.body["items"].as_array().unwrap();
    assert!(items[0]["last_active_at"].is_string(), "{}", items[0]);
    assert!(items[3]["last_active_at"].is_null(), "{}", items[3]);
    // Sessions that have ended count as well.
    admin
        .patch(&format!("/users/{}", zoe.id), json!({"suspended": true}))
        .await;
    let zoe = admin.get(&format!("/users/{}", zoe.id)).await;
    assert!(zoe.body["last_active_at"].is_string(), "{zoe:?}");
}

#[tokio::test]
async fn administrators_change_names_and_addresses() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let (bob, zoe) = (app.person("bob").await, app.person("zoe").await);
    let path = format!("/users/{}", bob.id);
    let log_in = async |name: &str| {
        let login = json!({"email": format!("{name}@example.org"), "password": "correct horse"});
        app.post("/api/v1/auth/login", login).await.status
    };
    let change =
        json!({"display_name": "Robert", "email": "Robert@example.org", "role": "manager"});
    let changed = admin.patch(&path, change.clone()).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    for (field, value) in change.as_object().unwrap() {
        assert_eq!(&changed.body[field], value);
    }
    assert_eq!(log_in("bob").await, 401);
    assert_eq!(log_in("robert").await, 200);
    assert_eq!(bob.get("/users/me").await.status, 200, "sessions continue");
    // The same values again change nothing.
    let events = admin.events().await;
    assert_eq!(admin.patch(&path, change).await.status, 200);
    assert_eq!(admin.events().await, events);

    // The earlier address is free, the new one is not.
    let other = format!("/users/{}", zoe.id);
    let taken = admin
        .patch(&other, json!({"email": "robert@example.org"}))
        .await;
    assert_eq!(taken.code(), (409, "email_taken"));
    assert_eq!(taken.body["errors"][0]["pointer"], "/email");
    let free = admin
        .patch(&other, json!({"email": "bob@example.org"}))
        .await;
    assert_eq!(free.status, 200, "{free:?}");
    assert_eq!(log_in("bob").await, 200);
    for (change, pointer) in [
        (json!({"email": "nowhere"}), "/email"),
        (json!({"display_name": " "}), "/display_name"),
    ] {
        let refused = admin.patch(&path, change).await;
        assert_eq!(refused.status, 422, "{refused:?}");
        assert_eq!(refused.body["errors"][0]["pointer"], pointer);
    }
}

/// Otherwise a change of address could release one that somebody else has by now.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_changes_of_an_address_leave_one_reserved() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let bob = app.person("bob").await;
    let path = format!("/users/{}", bob.id);
    let changes = (0..8).map(|n| {
        let email = format!("bob{n}@example.org");
        admin.patch(&path, json!({"email": email}))
    });
    for changed in futures_util::future::join_all(changes).await {
        assert!(matches!(changed.status.as_u16(), 200 | 412), "{changed:?}");
    }
    let reserved: Vec<String> =
        sqlx::query_scalar("select owner from reservations where kind = 'email'")
            .fetch_all(&app.app.pool)
            .await
            .unwrap();
    let of_bob = reserved.iter().filter(|owner| **owner == bob.id);
    assert_eq!((reserved.len(), of_bob.count()), (2, 1));
    let now = admin.get(&path).await.body["email"].clone();
    let login = json!({"email": now, "password": "correct horse"});
    assert_eq!(app.post("/api/v1/auth/login", login).await.status, 200);
}

/// Resets a password and returns the response.
async fn reset(admin: &Person<'_>, user: &str, body: serde_json::Value) -> Answer {
    admin.put(&format!("/users/{user}/password"), body).await
}

#[tokio::test]
async fn administrators_reset_passwords() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let bob = app.person("bob").await;
    let log_in = async |password: &str| {
        let login = json!({"email": "bob@example.org", "password": password});
        app.post("/api/v1/auth/login", login).await.status
    };
    let generated = reset(&admin, &bob.id, json!({})).await;
    assert_eq!(generated.status, 200, "{generated:?}");
    assert_eq!(
        bob.get("/users/me").await.status,
        401,
        "sessions have ended"
    );
    let password = generated.body["generated_password"].as_str().unwrap();
    assert_eq!(password.len(), 24, "{password}");
    assert_eq!(log_in("correct horse").await, 401);
    assert_eq!(log_in(password).await, 200);
    let again = reset(&admin, &bob.id, json!({})).await;
    assert_ne!(again.body["generated_password"], password);

    let chosen = json!({"new_password": "battery staple"});
    let chosen = reset(&admin, &bob.id, chosen).await;
    assert_eq!(chosen.status, 200, "{chosen:?}");
    assert_eq!(chosen.body["generated_password"], json!(null));
    assert_eq!(log_in("battery staple").await, 200);

    // The log says who reset the password, and not to what.
    let events = admin.get("/events?event_type=password_changed").await.body;
    let events = events["items"].as_array().unwrap();
    assert_eq!(events.len(), 3);
    for event in events {
        assert_eq!(event["aggregate_id"], bob.id.as_str(), "{event}");
        assert!(event["metadata"].to_string().contains(&admin.id), "{event}");
        assert!(!event.to_string().contains(password), "{event}");
    }
}

#[tokio::test]
async fn passwords_are_reset_only_by_other_administrators() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let bob = app.person("bob").await;
    let chosen = || json!({"new_password": "battery staple"});
    let refused = reset(&bob, &admin.id, chosen()).await;
    assert_eq!(refused.status, 403);
    let own = reset(&admin, &admin.id, chosen()).await;
    assert_eq!(own.code(), (409, "own_password"));
    let unknown = reset(&admin, &uuid::Uuid::now_v7().to_string(), chosen()).await;
    assert_eq!(unknown.status, 404);
    let short = reset(&admin, &bob.id, json!({"new_password": "short"})).await;
    assert_eq!(short.body["errors"][0]["pointer"], "/new_password");
    assert_eq!(
        bob.get("/users/me").await.status,
        200,
        "nothing has changed"
    );
}
