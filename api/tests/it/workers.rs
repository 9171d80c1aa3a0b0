//! Background workers: recovery from panics, and isolation of blocked work.

use std::time::Duration;

use eventstore::log;
use projections::Progress;
use projections::job::work::{self, JobLane};
use projections::job::{JobKind, queries as jobs};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::test_app::{PATIENCE, Person, TestApp, TestOptions, next};

async fn execute(app: &TestApp, sql: &str) {
    sqlx::raw_sql(sql).execute(&app.app.pool).await.unwrap();
}

/// Polls a job until a condition holds.
async fn job(ada: &Person<'_>, id: &str, done: impl Fn(&Value) -> bool) -> Value {
    loop {
        let job = ada.get(&format!("/jobs/{id}")).await.body;
        if done(&job) {
            return job;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn ended(job: &Value) -> bool {
    ["completed", "failed", "cancelled"].contains(&job["status"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn a_panicking_worker_loop_is_reported_and_restarted() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let (exchange, _) = ada.ask(&conversation, "Where is my data stored?").await;
    let answer = exchange["response"]["message_id"].as_str().unwrap();
    // A row that cannot be decoded, so that every query for waiting answers panics.
    execute(
        &app,
        "insert into view_responses (id, conversation_id, prompt_message_id, message_id, requested_by, assistant_id,
                assistant_version, model, status, requested_at)
         select gen_random_uuid(), conversation_id, prompt_message_id, gen_random_uuid(), gen_random_uuid(),
                assistant_id, assistant_version, model, 'queued', 'infinity' from view_responses limit 1",
    )
    .await;
    while !app.app.health.failing().contains(&"answers") {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let ready = app.http.get(format!("{}/readyz", app.url));
    let ready = ready.send().await.unwrap();
    assert_eq!(ready.status().as_u16(), 503);
    let body: Value = ready.json().await.unwrap();
    assert_eq!(body["causes"], json!(["task_failing"]));
    execute(
        &app,
        "delete from view_responses where requested_at = 'infinity'",
    )
    .await;
    // Only that loop finds regenerated answers.
    let mut frames = Box::pin(
        ada.frames(&format!("/conversations/{conversation}/stream"), None)
            .await,
    );
    let again = format!("/messages/{answer}/regenerate");
    assert_eq!(ada.post(&again, json!({})).await.status.as_u16(), 201);
    next(&mut frames, "response.completed").await;
}

#[tokio::test]
async fn a_panicking_projector_parks_only_the_affected_object() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let (poisoned, other) = (ada.conversation().await, ada.conversation().await);
    let shown = ada.get(&format!("/conversations/{poisoned}")).await;
    assert_eq!(shown.status.as_u16(), 200);
    // Its row can no longer be decoded, so the next event makes the projector panic.
    execute(
        &app,
        &format!("update view_conversations set created_at = 'infinity' where id = '{poisoned}'"),
    )
    .await;
    ada.patch(&format!("/conversations/{poisoned}"), json!({"title": "x"}))
        .await;
    let renamed = ada
        .patch(&format!("/conversations/{other}"), json!({"title": "y"}))
        .await;
    assert_eq!(renamed.body["title"], "y");
    let parked: Vec<String> = sqlx::query_scalar(
        "select scope from parked_aggregates where projection = 'conversations'",
    )
    .fetch_all(&app.app.pool)
    .await
    .unwrap();
    assert_eq!(parked, [poisoned]);
}

#[tokio::test]
async fn a_blocked_view_does_not_delay_others() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let before = app.app.feed.head();
    let reached = app.app.progress.wait_for(before, PATIENCE).await.unwrap();
    assert!(reached >= before);
    // An open transaction locks the groups, whose view is due for a rebuild.
    let mut reader = app.app.pool.begin().await.unwrap();
    sqlx::raw_sql("lock table view_groups in access exclusive mode")
        .execute(&mut *reader)
        .await
        .unwrap();
    execute(
        &app,
        "update projections set version = 0 where name = 'groups'",
    )
    .await;
    let conversation = ada.conversation().await;
    let id = Uuid::parse_str(&conversation).unwrap();
    let me = Uuid::parse_str(&ada.id).unwrap();
    let shown = async {
        while projections::conversation::queries::find(&app.app.pool, me, id)
            .await
            .unwrap()
            .is_none()
        {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, shown).await.unwrap();
    // Callers can read their own writes, although the groups are behind.
    let read = ada.get(&format!("/conversations/{conversation}")).await;
    assert_eq!(read.status.as_u16(), 200);
    reader.rollback().await.unwrap();
    let head = app.app.feed.head();
    assert!(app.app.progress.wait_for(head, PATIENCE).await.unwrap() >= head);
}

#[tokio::test]
async fn a_view_of_another_version_counts_as_empty() {
    let app = TestApp::start().await;
    app.admin().await;
    let head = app.app.feed.head();
    // As seen by another process without projectors.
    let progress = Progress::new(app.app.pool.clone());
    assert!(progress.wait_for(head, PATIENCE).await.unwrap() >= head);
    let mut reader = app.app.pool.begin().await.unwrap();
    sqlx::raw_sql("update projections set version = 0 where name = 'groups'")
        .execute(&mut *reader)
        .await
        .unwrap();
    reader.commit().await.unwrap();
    // Whether it is rebuilt by now or not, the position of the old rows is never reported.
    let position = progress.position().await.unwrap();
    let version: i32 = sqlx::query_scalar("select version from projections where name = 'groups'")
        .fetch_one(&app.app.pool)
        .await
        .unwrap();
    assert!(position == 0 || version > 0);
    assert!(progress.wait_for(head, PATIENCE).await.unwrap() >= head);
}

#[tokio::test]
async fn a_job_that_crashed_two_workers_fails() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let me = Uuid::parse_str(&ada.id).unwrap();
    for (crashes, expected) in [(0, "completed"), (1, "failed"), (6, "failed")] {
        let id = Uuid::now_v7();
        sqlx::query(
            "insert into jobs (id, kind, requested_by, unit, status, attempts, crashes, held_until)
             values ($1, 'verify_events', $2, 'events', 'running', 1, $3, clock_timestamp() - interval '1 minute')",
        )
        .bind(id)
        .bind(me)
        .bind(crashes)
        .execute(&app.app.pool)
        .await
        .unwrap();
        let job = job(&ada, &id.to_string(), ended).await;
        assert_eq!(job["status"], expected, "{job}");
        if expected == "failed" {
            assert!(job["error"].as_str().unwrap().contains("died"), "{job}");
        }
    }
}

/// After an outage, the lease of a job has expired but its worker is alive.
#[tokio::test]
async fn a_live_worker_is_not_counted_as_crashed() {
    let pool = testing::database().await;
    let (id, kind) = (Uuid::now_v7(), JobKind::VerifyEvents);
    jobs::request(&pool, id, Uuid::nil(), &kind).await.unwrap();
    let take = async || {
        sqlx::raw_sql("update jobs set held_until = held_until - interval '1 minute'")
            .execute(&pool)
            .await
            .unwrap();
        work::claim(&pool, JobLane::Others).await.unwrap().unwrap()
    };
    let mut worker = take().await;
    for _ in 0..3 {
        let other = take().await;
        assert_eq!(
            other.crashes, 1,
            "counted as a crash until the worker reports"
        );
        assert!(!work::requeue(&pool, &worker, Duration::ZERO).await.unwrap());
        work::retract_crash(&pool, &worker).await.unwrap();
        worker = other;
    }
    // A silent worker counts as crashed.
    assert_eq!(take().await.crashes, 1);
    assert_eq!(take().await.crashes, 2);
}

#[tokio::test]
async fn an_unknown_job_waits_for_another_version() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let id = Uuid::now_v7();
    sqlx::query(
        "insert into jobs (id, kind, requested_by, unit) values ($1, 'of_the_future', $2, 'events')",
    )
    .bind(id)
    .bind(Uuid::parse_str(&ada.id).unwrap())
    .execute(&app.app.pool)
    .await
    .unwrap();
    let verify = ada.post("/events/verify", json!({})).await.id();
    assert_eq!(job(&ada, &verify, ended).await["status"], "completed");
    let attempts: i32 = sqlx::query_scalar("select attempts from jobs where id = $1")
        .bind(id)
        .fetch_one(&app.app.pool)
        .await
        .unwrap();
    assert_eq!(attempts, 0);
}

#[tokio::test]
async fn an_erasure_waits_for_the_view_without_blocking_other_jobs() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let conversation = bob.conversation().await;
    // The view shows the conversation, but no later events.
    let shown = bob.get(&format!("/conversations/{conversation}")).await;
    assert_eq!(shown.status.as_u16(), 200);
    sqlx::query("insert into parked_aggregates values ('conversations', $1, $2, 'x')")
        .bind(&conversation)
        .bind(app.app.feed.head())
        .execute(&app.app.pool)
        .await
        .unwrap();
    let erased = ada.delete(&format!("/users/{}", bob.id)).await;
    assert_eq!(erased.status.as_u16(), 202, "{:?}", erased.body);
    let erasing = erased.id();
    let attempts = |id: String| {
        let pool = app.app.pool.clone();
        async move {
            let row: (i32, bool) = sqlx::query_as(
                "select attempts, not_before > clock_timestamp() and held_until is null from jobs where id = $1::uuid",
            )
            .bind(id)
            .fetch_one(&pool)
            .await
            .unwrap_or((0, false));
            row
        }
    };
    // The job pauses between attempts.
    while !attempts(erasing.clone()).await.1 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let verify = ada.post("/events/verify", json!({})).await.id();
    assert_eq!(job(&ada, &verify, ended).await["status"], "completed");
}

#[tokio::test]
async fn suspending_a_user_cancels_running_answers() {
    let provider = testing::provider::Provider::start().await;
    let app = TestApp::with(TestOptions {
        allowed_port: Some(provider.port),
        ..TestOptions::default()
    })
    .await;
    let ada = app.admin().await;
    let added = json!({
        "name": "local", "kind": "openai_compatible", "base_url": provider.base_url(), "api_key": testing::provider::KEY,
    });
    assert_eq!(ada.post("/providers", added).await.body["health"], "ok");
    let bob = app.person("bob").await;
    let conversation = bob.conversation().await;
    let asked = json!({"content": "x", "model": "local/held-40"});
    let path = format!("/conversations/{conversation}/messages");
    let run = bob.post(&path, asked).await.body["response"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    provider.wait_until_held().await;
    let suspend = json!({"suspended": true});
    let suspended = ada.patch(&format!("/users/{}", bob.id), suspend).await;
    assert_eq!(suspended.status.as_u16(), 200);
    loop {
        let rows = log::read_scope(&app.app.pool, &conversation, 0, 500)
            .await
            .unwrap();
        let ended = rows
            .iter()
            .filter(|row| row.aggregate_id == run)
            .any(|row| row.event_type == "response_cancelled");
        if ended {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
