//! A database that is away for a moment is no outcome: whatever moment of a run it meets, the answer is whole.

use std::time::Duration;

use serde_json::json;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use testing::Proxy;
use testing::provider::{KEY, Provider};

use crate::test_app::{Person, Setting, TestApp, next};

const TOKENS: u64 = 40;

/// A pool as the program has it, which leads through a proxy.
async fn behind(proxy: &Proxy) -> PgPool {
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
    async fn set() -> Self {
        let proxy = Proxy::start(&testing::database_url().await).await;
        let provider = Provider::start().await;
        let setting = Setting {
            allowed_port: Some(provider.port),
            ..Setting::default()
        };
        Self {
            app: TestApp::on(behind(&proxy).await, None, setting).await,
            proxy,
            provider,
        }
    }

    /// Somebody who has connected the provider.
    async fn administrator(&self) -> Person<'_> {
        let ada = self.app.admin().await;
        let base_url = self.provider.base_url();
        let added = json!({"name": "local", "kind": "openai_compatible", "base_url": base_url, "api_key": KEY});
        assert_eq!(ada.post("/providers", added).await.body["health"], "ok");
        ada
    }

    /// Every connection is cut, and none is taken for a while.
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

/// Asks, and returns the run.
async fn ask(ada: &Person<'_>, conversation: &str) -> String {
    let question = json!({"content": "Say something", "model": format!("local/held-{TOKENS}")});
    let path = format!("/conversations/{conversation}/messages");
    let asked = ada.post(&path, question).await;
    assert_eq!(asked.status.as_u16(), 201, "{:?}", asked.body);
    asked.body["response"]["id"].as_str().unwrap().to_owned()
}

fn whole() -> String {
    (0..TOKENS).map(|n| format!("t{n} ")).collect()
}

/// When the database goes away.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// The question was just accepted.
    Accepted,
    /// The model speaks, and nothing was saved yet.
    Speaking,
    /// Everything but the last piece was said: it comes while the database is away.
    LastPiece,
}

/// The outages of a test, in milliseconds. The longest is longer than a lease.
const SHORT: [u64; 4] = [0, 200, 1_000, 3_000];
const LONG: u64 = 12_000;
/// What `make soak` adds.
const SOAK: [u64; 5] = [500, 2_000, 5_000, 10_000, 30_000];

fn lengths() -> Vec<u64> {
    let soak = std::env::var_os("CONVOSPHERE_TEST_OUTAGES").is_some();
    let more = SOAK.iter().filter(|_| soak);
    SHORT.iter().chain(more).copied().collect()
}

async fn outages(moment: Moment, lengths: &[u64]) {
    let stage = Stage::set().await;
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
            Moment::Speaking => {
                ask(&ada, &conversation).await;
                stage.provider.wait_until_held().await;
                stage.outage(length).await;
                stage.provider.release();
            }
            Moment::LastPiece => {
                ask(&ada, &conversation).await;
                stage.provider.wait_until_held().await;
                stage.proxy.refuse(true).await;
                stage.proxy.cut_all();
                stage.provider.release();
                tokio::time::sleep(length).await;
                stage.proxy.refuse(false).await;
            }
        }
        let message = answered(&ada, &conversation).await;
        assert_eq!(
            (message["status"].as_str(), message["content"].as_str()),
            (Some("complete"), Some(whole().as_str())),
            "{moment:?}, away for {length:?}"
        );
        assert_eq!(
            stage.provider.calls() - calls,
            1,
            "{moment:?}, away for {length:?}: asked once, paid once"
        );
    }
    let left: i64 = sqlx::query_scalar("select count(*) from partial_answers")
        .fetch_one(&stage.app.app.pool)
        .await
        .unwrap();
    assert_eq!(left, 0, "saved texts of runs that have ended");
}

/// The answer of a conversation once it has ended.
async fn answered(ada: &Person<'_>, conversation: &str) -> serde_json::Value {
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
async fn an_outage_right_after_a_question_was_accepted_costs_nothing() {
    outages(Moment::Accepted, &lengths()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_while_the_model_speaks_costs_nothing() {
    outages(Moment::Speaking, &lengths()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_at_the_last_piece_costs_nothing() {
    outages(Moment::LastPiece, &lengths()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_longer_than_a_lease_costs_nothing() {
    outages(Moment::LastPiece, &[LONG]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_is_lost_leaves_no_saved_text_and_one_end() {
    let stage = Stage::set().await;
    let ada = stage.administrator().await;
    // The statements are known on every connection of the writer by then.
    let first = ada.conversation().await;
    ask(&ada, &first).await;
    stage.provider.wait_until_held().await;
    stage.provider.release();
    answered(&ada, &first).await;

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
    let message = answered(&ada, &conversation).await;
    assert_eq!(message["content"], json!(whole()));
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
async fn a_run_that_has_ended_is_not_answered_again_for_a_view_that_is_late() {
    let stage = Stage::set().await;
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
        let said = answered(&ada, &conversation).await;
        released(pool, run).await;
        let calls = stage.provider.calls();
        // As a view shows it that has not heard of its start yet.
        sqlx::query("update view_responses set status = 'queued', attempt = 0, ended_at = null where id = $1")
            .bind(run)
            .execute(pool)
            .await
            .unwrap();
        released(pool, run).await;
        assert_eq!(
            stage.provider.calls(),
            calls,
            "its provider is asked for nothing"
        );
        sqlx::query("update view_responses set status = 'completed', attempt = 1, ended_at = now() where id = $1")
            .bind(run)
            .execute(pool)
            .await
            .unwrap();
        let still = answered(&ada, &conversation).await;
        assert_eq!(still["content"], said["content"]);
    }
}

/// Waits until the lease of a run was given back.
async fn released(pool: &PgPool, run: uuid::Uuid) {
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
async fn one_person_does_not_keep_the_others_waiting() {
    let stage = Stage::set().await;
    let ada = stage.administrator().await;
    // Many more questions than there are seats, to a model that never comes to its end.
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
