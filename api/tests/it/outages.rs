//! Short database outages at any moment of a run do not affect the answer.

use std::time::Duration;

use serde_json::json;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use testing::Proxy;
use testing::provider::{KEY, Provider};

use crate::test_app::{Person, TestApp, TestOptions, next};

const TOKENS: u64 = 40;

/// A pool like that of the program, through a proxy.
async fn pool_through(proxy: &Proxy) -> PgPool {
    PgPoolOptions::new()
        .max_connections(24)
        .acquire_timeout(Duration::from_millis(900))
        .connect(&proxy.url())
        .await
        .unwrap()
}

struct Stage {
    proxy: Proxy,
    provider: Provider,
    app: TestApp,
}

impl Stage {
    async fn start() -> Self {
        let proxy = Proxy::start(&testing::database_url().await).await;
        let provider = Provider::start().await;
        let options = TestOptions {
            allowed_port: Some(provider.port),
            ..TestOptions::default()
        };
        Self {
            app: TestApp::with_database(pool_through(&proxy).await, None, options).await,
            proxy,
            provider,
        }
    }

    /// The administrator, with the provider added.
    async fn administrator(&self) -> Person<'_> {
        let ada = self.app.admin().await;
        let base_url = self.provider.base_url();
        let added = json!({"name": "local", "kind": "openai_compatible", "base_url": base_url, "api_key": KEY});
        assert_eq!(ada.post("/providers", added).await.body["health"], "ok");
        ada
    }

    /// Cuts all connections and refuses new ones for a while.
    async fn outage(&self, length: Duration) {
        if length.is_zero() {
            return self.proxy.cut_all();
        }
        self.proxy.refuse(true).await;
        self.proxy.cut_all();
        tokio::time::sleep(length).await;
        self.proxy.refuse(false).await;
    }
}

/// Posts a question and returns the run.
async fn ask(ada: &Person<'_>, conversation: &str) -> String {
    let question = json!({"content": "Say something", "model": format!("local/held-{TOKENS}")});
    let path = format!("/conversations/{conversation}/messages");
    let asked = ada.post(&path, question).await;
    assert_eq!(asked.status.as_u16(), 201, "{:?}", asked.body);
    asked.body["response"]["id"].as_str().unwrap().to_owned()
}

fn full_text() -> String {
    (0..TOKENS).map(|n| format!("t{n} ")).collect()
}

/// When the outage starts.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// The question was just accepted.
    Accepted,
    /// The answer is being streamed, and nothing was saved yet.
    Streaming,
    /// Only the last chunk is missing; it arrives during the outage.
    LastChunk,
}

/// The outages of a test, in milliseconds. The longest is longer than a lease.
const SHORT: [u64; 4] = [0, 200, 1_000, 3_000];
const LONG: u64 = 12_000;
/// Additional lengths for `make soak`.
const SOAK: [u64; 5] = [500, 2_000, 5_000, 10_000, 30_000];

fn lengths() -> Vec<u64> {
    let soak = std::env::var_os("CONVOSPHERE_TEST_OUTAGES").is_some();
    let more = SOAK.iter().filter(|_| soak);
    SHORT.iter().chain(more).copied().collect()
}

async fn outages(moment: Moment, lengths: &[u64]) {
    let stage = Stage::start().await;
    let ada = stage.administrator().await;
    for length in lengths {
        let length = Duration::from_millis(*length);
        let calls = stage.provider.calls();
        let conversation = ada.conversation().await;
        match moment {
            Moment::Accepted => {
                ask(&ada, &conversation).await;
                stage.outage(length).await;
                stage.provider.wait_until_held().await;
                stage.provider.release();
            }
            Moment::Streaming => {
                ask(&ada, &conversation).await;
                stage.provider.wait_until_held().await;
                stage.outage(length).await;
                stage.provider.release();
            }
            Moment::LastChunk => {
                ask(&ada, &conversation).await;
                stage.provider.wait_until_held().await;
                stage.proxy.refuse(true).await;
                stage.proxy.cut_all();
                stage.provider.release();
                tokio::time::sleep(length).await;
                stage.proxy.refuse(false).await;
            }
        }
        let message = wait_for_answer(&ada, &conversation).await;
        assert_eq!(
            (message["status"].as_str(), message["content"].as_str()),
            (Some("complete"), Some(full_text().as_str())),
            "{moment:?}, outage of {length:?}"
        );
        assert_eq!(
            stage.provider.calls() - calls,
            1,
            "{moment:?}, outage of {length:?}: called once"
        );
    }
    let left: i64 = sqlx::query_scalar("select count(*) from partial_answers")
        .fetch_one(&stage.app.app.pool)
        .await
        .unwrap();
    assert_eq!(left, 0, "partial answers of ended runs");
}

/// Waits until the answer of a conversation has ended.
async fn wait_for_answer(ada: &Person<'_>, conversation: &str) -> serde_json::Value {
    let path = format!("/conversations/{conversation}/messages");
    loop {
        let page = ada.get(&path).await;
        if page.status.is_success() {
            let answer = &page.body["items"][0];
            if answer["role"] == "assistant" && answer["status"] != "running" {
                return answer.clone();
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_after_a_question_was_accepted_loses_nothing() {
    outages(Moment::Accepted, &lengths()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_during_an_answer_loses_nothing() {
    outages(Moment::Streaming, &lengths()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_at_the_last_chunk_loses_nothing() {
    outages(Moment::LastChunk, &lengths()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_longer_than_a_lease_loses_nothing() {
    outages(Moment::LastChunk, &[LONG]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_without_a_reply_ends_the_run_once_and_leaves_no_saved_text() {
    let stage = Stage::start().await;
    let ada = stage.administrator().await;
    // Prepares the statements on every connection of the writer.
    let first = ada.conversation().await;
    ask(&ada, &first).await;
    stage.provider.wait_until_held().await;
    stage.provider.release();
    wait_for_answer(&ada, &first).await;

    let conversation = ada.conversation().await;
    let run = ask(&ada, &conversation).await;
    stage.provider.wait_until_held().await;
    stage.proxy.swallow_answers(true);
    stage.provider.release();
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    stage.proxy.refuse(true).await;
    stage.proxy.cut_all();
    stage.proxy.swallow_answers(false);
    stage.proxy.refuse(false).await;
    let message = wait_for_answer(&ada, &conversation).await;
    assert_eq!(message["content"], json!(full_text()));
    let pool = &stage.app.app.pool;
    let ends: i64 = sqlx::query_scalar(
        "select count(*) from events where aggregate_id = $1 and event_type = 'response_completed'",
    )
    .bind(&run)
    .fetch_one(pool)
    .await
    .unwrap();
    assert_eq!(ends, 1);
    let left: i64 = sqlx::query_scalar("select count(*) from partial_answers")
        .fetch_one(pool)
        .await
        .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_run_is_not_answered_again_because_of_a_stale_view() {
    let stage = Stage::start().await;
    let ada = stage.administrator().await;
    let pool = &stage.app.app.pool;
    sqlx::raw_sql(
        "create table released (run uuid);
         create function note_release() returns trigger language plpgsql as $$
            begin insert into released values (old.run); return old; end $$;
         create trigger noted after delete on leases for each row execute function note_release()",
    )
    .execute(pool)
    .await
    .unwrap();
    for _ in 0..2 {
        let conversation = ada.conversation().await;
        let run = ask(&ada, &conversation).await.parse().unwrap();
        stage.provider.wait_until_held().await;
        stage.provider.release();
        let said = wait_for_answer(&ada, &conversation).await;
        wait_for_release(pool, run).await;
        let calls = stage.provider.calls();
        // As in a view that has not applied the start of the run yet.
        sqlx::query("update view_responses set status = 'queued', attempt = 0, ended_at = null where id = $1")
            .bind(run)
            .execute(pool)
            .await
            .unwrap();
        wait_for_release(pool, run).await;
        assert_eq!(
            stage.provider.calls(),
            calls,
            "the provider is not called again"
        );
        sqlx::query("update view_responses set status = 'completed', attempt = 1, ended_at = now() where id = $1")
            .bind(run)
            .execute(pool)
            .await
            .unwrap();
        let still = wait_for_answer(&ada, &conversation).await;
        assert_eq!(still["content"], said["content"]);
    }
}

/// Waits until the lease of a run was released.
async fn wait_for_release(pool: &PgPool, run: uuid::Uuid) {
    loop {
        let released = sqlx::query("delete from released where run = $1")
            .bind(run)
            .execute(pool)
            .await
            .unwrap();
        if released.rows_affected() > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_user_does_not_block_others() {
    let stage = Stage::start().await;
    let ada = stage.administrator().await;
    // Many more questions than reply slots, to a model that never ends.
    for _ in 0..40 {
        let conversation = ada.conversation().await;
        ask(&ada, &conversation).await;
    }
    let bob = stage.app.person("bob").await;
    let conversation = bob.conversation().await;
    let mut frames = Box::pin(
        bob.frames(&format!("/conversations/{conversation}/stream"), None)
            .await,
    );
    let path = format!("/conversations/{conversation}/messages");
    let asked = json!({"content": "Where is my data stored?", "model": "builtin/guide"});
    assert_eq!(bob.post(&path, asked).await.status.as_u16(), 201);
    next(&mut frames, "response.completed").await;
    let asked = json!({"content": "And?", "model": "local/echo-50-0"});
    assert_eq!(bob.post(&path, asked).await.status.as_u16(), 201);
    next(&mut frames, "response.completed").await;
}
