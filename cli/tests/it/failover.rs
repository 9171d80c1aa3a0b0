//! A failover under load to a copy of the database that lacks the end of the log.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;
use sqlx::PgPool;
use testing::Proxy;

use crate::crash::list;
use crate::program::{Installation, ok};
use crate::site::{Person, Site, wait_for_frame};

const WRITERS: usize = 8;

// The phases of the test.
const BEFORE_COPY: usize = 0;
const AFTER_COPY: usize = 1;
const AFTER_SWITCH: usize = 2;
const END: usize = 3;

#[derive(Default)]
struct Progress {
    phase: AtomicUsize,
    /// Acknowledged writes by the phase in which they were sent.
    acknowledged: [AtomicUsize; 3],
}

impl Progress {
    fn phase(&self) -> usize {
        self.phase.load(Ordering::SeqCst)
    }

    fn enter(&self, phase: usize) {
        self.phase.store(phase, Ordering::SeqCst);
    }

    /// Waits for a number of acknowledged writes in this phase.
    async fn wait_for_writes(&self, writes: usize) {
        let acknowledged = &self.acknowledged[self.phase()];
        let target = acknowledged.load(Ordering::SeqCst) + writes;
        while acknowledged.load(Ordering::SeqCst) < target {
            tokio::task::yield_now().await;
        }
    }

    /// Creates conversations until the end; returns those that must have survived.
    async fn write(&self, ada: &Person<'_>) -> Vec<String> {
        let mut kept = vec![];
        loop {
            let sent = self.phase();
            if sent == END {
                return kept;
            }
            let body = Some(json!({"title": "x"}));
            let path = "conversations";
            let created = ada
                .site
                .send(0, Method::POST, path, &ada.access, body, &[])
                .await;
            match created.status {
                201 => {
                    self.acknowledged[sent].fetch_add(1, Ordering::SeqCst);
                    let is_copied = self.phase() == BEFORE_COPY;
                    if is_copied || sent == AFTER_SWITCH {
                        kept.push(created.text("/id"));
                    }
                }
                status => assert_eq!(status, 503, "{created:?}"),
            }
        }
    }
}

/// The number of events whose sequence numbers are not consecutive.
async fn count_gaps(pool: &PgPool) -> i64 {
    let gaps = "select count(*) from (
            select sequence - row_number() over (partition by aggregate_id order by position) as off from events
        ) as numbered where off <> 0";
    sqlx::query_scalar(gaps).fetch_one(pool).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_without_the_last_events_takes_over_under_load() {
    let original = testing::database_url().await;
    let proxy = Proxy::start(&original).await;
    let url = proxy.url();
    let installation = move || {
        Installation::private()
            .with("DATABASE_URL", &url)
            .with("CONVOSPHERE_RATE_LIMIT__ENABLED", "false")
    };
    let (site, server) = Site::with_one_server(installation, String::new()).await;
    let ada = site.log_in("ada@example.org").await;
    let created = ada
        .post(0, "conversations", json!({"title": "before"}))
        .await;
    let path = format!("conversations/{}/stream", created.text("/id"));
    let mut conversation = ada.frames(0, &path, "").await;
    let mut log = ada.frames(0, "events/stream", "").await;
    wait_for_frame(&mut conversation, "stream.caught_up").await;
    wait_for_frame(&mut log, "stream.caught_up").await;

    let progress = Progress::default();
    let failover = async {
        progress.wait_for_writes(50).await;
        progress.enter(AFTER_COPY);
        let copy = testing::copy_database(&original).await;
        progress.wait_for_writes(50).await;
        proxy.point_at(&copy);
        proxy.cut_all();
        progress.enter(AFTER_SWITCH);
        progress.wait_for_writes(100).await;
        progress.enter(END);
        copy
    };
    let writers = join_all((0..WRITERS).map(|_| progress.write(&ada)));
    let (copy, kept) = tokio::join!(failover, writers);

    // Streams tell their clients to discard what they received.
    wait_for_frame(&mut conversation, "stream.reset").await;
    wait_for_frame(&mut log, "stream.reset").await;
    let created = ada
        .post(0, "conversations", json!({"title": "after"}))
        .await;
    let listed = list(
        &reqwest::Client::builder().no_proxy().build().unwrap(),
        &server.url,
        &ada.access,
    )
    .await;
    for id in kept.concat().iter().chain([&created.text("/id")]) {
        assert!(listed.contains(id), "acknowledged but lost: {id}");
    }
    assert_eq!(count_gaps(&PgPool::connect(&copy).await.unwrap()).await, 0);

    let installation = &site.installation;
    tokio::task::block_in_place(|| {
        assert!(server.stop().success());
        // Whether the missing end was anchored depends on timing.
        let accepted = ok(&installation.run(&["events", "verify", "--accept"]));
        assert!(accepted.contains("in order"), "{accepted}");
        let live = ok(&installation.run(&["projections", "digest", "conversations"]));
        let rebuilt = ok(&installation.run(&["projections", "rebuild", "conversations"]));
        assert!(rebuilt.ends_with(&live), "live {live}, rebuilt {rebuilt}");
    });
}
