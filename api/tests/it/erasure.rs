use projections::projectors;
use projections::rebuild::{digest, rebuild};
use reqwest::Method;
use serde_json::json;
use testing::provider::{KEY, Provider};

use crate::documents::process;
use crate::test_app::{PATIENCE, TestApp, TestOptions, next};

const CANARY: &str = "canary9f3b";

async fn rows_with(app: &TestApp, table: &str) -> i64 {
    let statement = format!("select count(*) from {table} t where t::text ilike '%{CANARY}%'");
    sqlx::query_scalar(&statement)
        .fetch_one(&app.app.pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn erasing_a_user_removes_all_text_and_the_log_still_verifies() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let bob = app.person("bob").await;
    let me = bob.get("/users/me").await.id();
    let made = bob
        .post(
            "/conversations",
            json!({"title": format!("about {CANARY}")}),
        )
        .await;
    let conversation = made.id();
    let path = format!("/conversations/{conversation}");
    let mut frames = Box::pin(bob.frames(&format!("{path}/stream"), None).await);
    next(&mut frames, "stream.caught_up").await;
    let question = json!({"content": format!("Where is my data stored, {CANARY}?")});
    bob.post(&format!("{path}/messages"), question).await;
    next(&mut frames, "response.completed").await;
    assert!(rows_with(&app, "view_messages").await > 0);

    let secret = json!({"name": format!("{CANARY} helper"), "instructions": CANARY, "visibility": "private"});
    let assistant = bob.post("/assistants", secret).await;
    assert_eq!(assistant.status, 201, "{}", assistant.body);

    let base = json!({"name": format!("{CANARY} handbook")});
    let base = bob.post("/knowledge-bases", base).await.id();
    let documents = format!("/knowledge-bases/{base}/documents");
    let document = bob.upload(&documents, "a.txt", CANARY.as_bytes()).await;
    assert_eq!(document.status, 202, "{}", document.body);
    process(&app, &document.id(), 1, CANARY).await;
    let file = bob.upload("/files", &format!("{CANARY}.txt"), b"x").await;
    assert_eq!(file.status, 201, "{}", file.body);

    let started = admin.delete(&format!("/users/{me}")).await;
    assert_eq!(started.status, 202, "{}", started.body);
    let mut job = Box::pin(
        admin
            .frames(&format!("/jobs/{}/stream", started.id()), None)
            .await,
    );
    let ended = next(&mut job, "job.ended").await.data;
    assert_eq!(
        (&ended["status"], &ended["result"]),
        (
            &json!("completed"),
            &json!({"conversations": 1, "assistants": 1, "knowledge_bases": 1, "files": 2})
        )
    );

    for path in ["/users/me", &path] {
        assert_eq!(bob.get(path).await.status, 401, "{path}");
    }
    let user = admin.get(&format!("/users/{me}")).await.body;
    assert_eq!(
        (&user["display_name"], &user["suspended"]),
        (&json!("[erased]"), &json!(true))
    );
    assert!(user["email"].is_null());
    for table in [
        "view_users",
        "view_conversations",
        "view_messages",
        "view_responses",
        "view_assistants",
        "view_files",
        "view_knowledge_bases",
        "view_documents",
        "view_passages",
        "events",
    ] {
        assert_eq!(rows_with(&app, table).await, 0, "{table}");
    }
    // The search index follows the views.
    let indexed = async { while rows_with(&app, "search_documents").await > 0 {} };
    tokio::time::timeout(PATIENCE, indexed).await.unwrap();
    let verified = admin.post("/events/verify", json!({})).await.id();
    let mut job = Box::pin(
        admin
            .frames(&format!("/jobs/{verified}/stream"), None)
            .await,
    );
    let verified = next(&mut job, "job.ended").await.data;
    assert!(verified["result"]["broken"].is_null() && verified["status"] == "completed");
    // A rebuild from the log yields the same views.
    for projector in projectors() {
        let live = digest(&app.app.pool, projector.as_ref()).await.unwrap();
        rebuild(&app.app.source(), projector.as_ref(), |_| ())
            .await
            .unwrap();
        let again = digest(&app.app.pool, projector.as_ref()).await.unwrap();
        assert_eq!(live, again, "{}", projector.name());
    }
}

#[tokio::test]
async fn erasing_a_user_deletes_data_outside_the_log() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let bob = app.person("bob").await;
    let me = bob.get("/users/me").await.id();
    for agent in [CANARY, "Other/1.0"] {
        let login = app
            .request(Method::POST, "/api/v1/auth/login")
            .header("User-Agent", agent)
            .json(&json!({"email": "bob@example.org", "password": "correct horse"}));
        assert_eq!(login.send().await.unwrap().status(), 200);
    }
    // As left by a failed import: with a part of the text that it could not read.
    let quoted = sqlx::query(
        "insert into jobs (id, kind, requested_by, status, unit, result, error, ended_at)
         values (gen_random_uuid(), 'import', $1::uuid, 'completed', 'conversations', json_build_object('reasons', $2),
                 $2, clock_timestamp())",
    );
    quoted
        .bind(&me)
        .bind(CANARY)
        .execute(&app.app.pool)
        .await
        .unwrap();
    assert_eq!(rows_with(&app, "jobs").await, 1);
    assert_eq!(admin.delete(&format!("/users/{me}")).await.status, 202);
    assert_eq!(rows_with(&app, "jobs").await, 0);
    assert_eq!(rows_with(&app, "auth_sessions").await, 0);
    let left: i64 = sqlx::query_scalar(
        "select count(*) from auth_sessions s left join auth_refresh_tokens t on t.session_id = s.id
         where s.user_id = $1::uuid",
    )
    .bind(&me)
    .fetch_one(&app.app.pool)
    .await
    .unwrap();
    assert_eq!(left, 0);
    assert_eq!(bob.get("/users/me").await.status, 401);
    assert_eq!(admin.get("/users/me").await.status, 200);
}

#[tokio::test]
async fn only_administrators_erase_users_and_never_themselves() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let bob = app.person("bob").await;
    let (ada_id, bob_id) = (
        admin.get("/users/me").await.id(),
        bob.get("/users/me").await.id(),
    );
    assert_eq!(bob.delete(&format!("/users/{ada_id}")).await.status, 403);
    let own = admin.delete(&format!("/users/{ada_id}")).await;
    assert_eq!(own.code(), (409, "yourself"));
    let unknown = admin
        .delete("/users/01900000-0000-7000-8000-000000000000")
        .await;
    assert_eq!(unknown.status, 404);
    let stale = admin
        .request(Method::DELETE, &format!("/users/{bob_id}"))
        .header("if-match", "\"99\"");
    assert_eq!(stale.send().await.unwrap().status(), 412);
    assert_eq!(admin.delete(&format!("/users/{bob_id}")).await.status, 202);
    // A second deletion is not found, and the address is free again.
    assert_eq!(admin.delete(&format!("/users/{bob_id}")).await.status, 404);
    app.person("bob").await;
}

#[tokio::test]
async fn erasing_a_user_ends_running_answers() {
    let provider = Provider::start().await;
    let app = TestApp::with(TestOptions {
        allowed_port: Some(provider.port),
        ..TestOptions::default()
    })
    .await;
    let admin = app.admin().await;
    let given = json!({
        "name": "local", "kind": "openai_compatible", "base_url": provider.base_url(), "api_key": KEY,
    });
    assert_eq!(admin.post("/providers", given).await.status, 201);
    let bob = app.person("bob").await;
    let me = bob.get("/users/me").await.id();
    let path = format!("/conversations/{}", bob.conversation().await);
    let mut frames = Box::pin(bob.frames(&format!("{path}/stream"), None).await);
    next(&mut frames, "stream.caught_up").await;
    let question = json!({"content": CANARY, "model": "local/silent"});
    bob.post(&format!("{path}/messages"), question).await;
    next(&mut frames, "response.delta").await;
    let started = admin.delete(&format!("/users/{me}")).await.id();
    let mut job = Box::pin(admin.frames(&format!("/jobs/{started}/stream"), None).await);
    next(&mut job, "job.ended").await;
    next(&mut frames, "stream.closed").await;
    let open: i64 =
        sqlx::query_scalar("select count(*) from view_responses where ended_at is null")
            .fetch_one(&app.app.pool)
            .await
            .unwrap();
    assert_eq!(open, 0);
    for projector in projectors() {
        let live = digest(&app.app.pool, projector.as_ref()).await.unwrap();
        rebuild(&app.app.source(), projector.as_ref(), |_| ())
            .await
            .unwrap();
        let again = digest(&app.app.pool, projector.as_ref()).await.unwrap();
        assert_eq!(live, again, "{}", projector.name());
    }
}
