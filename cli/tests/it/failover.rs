//! A failover under load: the server goes on with a copy of its database that lacks the end of the log.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;
use sqlx::PgPool;
use testing::Proxy;

use crate::crash::list;
use crate::program::{Installation, ok};
use crate::site::{Person, Site, until};

const WRITERS: usize = 8;

/// What has happened so far. Each moment begins before, or ends after, what it is named for.
const BEFORE_THE_COPY: usize = 0;
const SINCE_THE_COPY: usize = 1;
const SINCE_THE_SWITCH: usize = 2;
const AT_THE_END: usize = 3;

#[derive(Default)]
struct Course {
    moment: AtomicUsize,
    /// Writes that were acknowledged, by the moment in which they were sent.
    acknowledged: [AtomicUsize; 3],
}

impl Course {
    fn moment(&self) -> usize {
        self.moment.load(Ordering::SeqCst)
    }

    fn reach(&self, moment: usize) {
        self.moment.store(moment, Ordering::SeqCst);
    }

    /// Waits until so many more writes were acknowledged.
    async fn see(&self, writes: usize) {
        let seen = &self.acknowledged[self.moment()];
        let wanted = seen.load(Ordering::SeqCst) + writes;
        while seen.load(Ordering::SeqCst) < wanted {
            tokio::task::yield_now().await;
        }
    }

    /// Makes conversations until the end, and tells of those that must be there then.
    async fn write(&self, ada: &Person<'_>) -> Vec<String> {
        let mut kept = vec![];
        loop {
            let sent = self.moment();
            if sent == AT_THE_END {
                return kept;
            }
            let body = Some(json!({"title": "x"}));
            let path = "conversations";
            let made = ada
                .site
                .send(0, Method::POST, path, &ada.access, body, &[])
                .await;
            match made.status {
                201 => {
                    self.acknowledged[sent].fetch_add(1, Ordering::SeqCst);
                    let before = self.moment() == BEFORE_THE_COPY;
                    if before || sent == SINCE_THE_SWITCH {
                        kept.push(made.text("/id"));
                    }
                }
                status => assert_eq!(status, 503, "{made:?}"),
            }
        }
    }
}

/// Objects whose versions are not one after the other.
async fn holes(pool: &PgPool) -> i64 {
    let holes = "select count(*) from (
            select sequence - row_number() over (partition by aggregate_id order by position) as off from events
        ) as numbered where off <> 0";
    sqlx::query_scalar(holes).fetch_one(pool).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_that_missed_the_end_takes_over_under_load() {
    let original = testing::database_url().await;
    let proxy = Proxy::start(&original).await;
    let url = proxy.url();
    let installation = move || {
        Installation::private()
            .with("DATABASE_URL", &url)
            .with("CONVOSPHERE_RATE_LIMIT__ENABLED", "false")
    };
    let (site, server) = Site::of_one_server(installation, String::new()).await;
    let ada = site.log_in("ada@example.org").await;
    let made = ada
        .post(0, "conversations", json!({"title": "before"}))
        .await;
    let path = format!("conversations/{}/stream", made.text("/id"));
    let mut conversation = ada.frames(0, &path, "").await;
    let mut log = ada.frames(0, "events/stream", "").await;
    until(&mut conversation, "stream.caught_up").await;
    until(&mut log, "stream.caught_up").await;

    let course = Course::default();
    let failover = async {
        course.see(50).await;
        course.reach(SINCE_THE_COPY);
        let copy = testing::copy_of(&original).await;
        course.see(50).await;
        proxy.point_at(&copy);
        proxy.cut_all();
        course.reach(SINCE_THE_SWITCH);
        course.see(100).await;
        course.reach(AT_THE_END);
        copy
    };
    let writers = join_all((0..WRITERS).map(|_| course.write(&ada)));
    let (copy, kept) = tokio::join!(failover, writers);

    // Whoever listens is told that what came before may not have been.
    until(&mut conversation, "stream.reset").await;
    until(&mut log, "stream.reset").await;
    let made = ada
        .post(0, "conversations", json!({"title": "after"}))
        .await;
    let listed = list(
        &reqwest::Client::builder().no_proxy().build().unwrap(),
        &server.url,
        &ada.access,
    )
    .await;
    for id in kept.concat().iter().chain([&made.text("/id")]) {
        assert!(listed.contains(id), "acknowledged and gone: {id}");
    }
    assert_eq!(holes(&PgPool::connect(&copy).await.unwrap()).await, 0);

    let installation = &site.installation;
    tokio::task::block_in_place(|| {
        assert!(server.stop().success());
        // Whether anything outside has seen the end that is missing depends on when it was anchored.
        let accepted = ok(&installation.run(&["events", "verify", "--accept"]));
        assert!(accepted.contains("in order"), "{accepted}");
        let live = ok(&installation.run(&["projections", "digest", "conversations"]));
        let rebuilt = ok(&installation.run(&["projections", "rebuild", "conversations"]));
        assert!(rebuilt.ends_with(&live), "live {live}, rebuilt {rebuilt}");
    });
}
