//! A log that loses its last events while the server runs.

use std::time::{Duration, Instant};

use serde_json::json;
use sqlx::PgPool;

use crate::test_app::{PATIENCE, Person, TestApp, next};

/// Simulates a failover to a replica that missed the last events.
async fn delete_events_after(pool: &PgPool, after: i64) {
    let mut transaction = pool.begin().await.unwrap();
    let statement = format!(
        "alter table events disable trigger all; delete from events where position > {after};
         alter table events enable trigger all"
    );
    sqlx::raw_sql(&statement)
        .execute(&mut *transaction)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
}

/// Writes with retries, as clients do.
async fn rename(person: &Person<'_>, conversation: &str, title: &str) {
    let trying = async {
        let path = format!("/conversations/{conversation}");
        while person.patch(&path, json!({"title": title})).await.status != 200 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, trying).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_are_reset_when_the_log_loses_its_end() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let kept = app.app.feed.head();
    let paths = [
        format!("/conversations/{conversation}/stream"),
        "/events/stream".to_owned(),
        "/feed".to_owned(),
    ];
    let mut streams = vec![];
    for path in &paths {
        let mut frames = Box::pin(ada.frames(path, None).await);
        next(&mut frames, "stream.caught_up").await;
        streams.push(frames);
    }
    for title in ["One", "Two", "Three"] {
        rename(&ada, &conversation, title).await;
    }
    let path = format!("/conversations/{conversation}");
    assert_eq!(ada.get(&path).await.body["title"], "Three");
    delete_events_after(&app.app.pool, kept).await;
    for frames in &mut streams {
        next(frames, "stream.reset").await;
    }
    // All streams receive new events, starting at a position that they have seen before.
    rename(&ada, &conversation, "Four").await;
    assert_eq!(app.app.feed.head(), kept + 1);
    for (frames, path) in streams.iter_mut().zip(&paths) {
        let mut passed = vec![];
        let received = tokio::time::timeout(PATIENCE, async {
            loop {
                let frame = futures_util::StreamExt::next(frames).await.unwrap();
                if frame.id.starts_with(&format!("{}-", kept + 1)) {
                    return;
                }
                passed.push(frame);
            }
        });
        assert!(received.await.is_ok(), "{path}: {passed:?}");
    }
}

/// The user's last position is no longer in the log: waiting for it would delay each read by two seconds.
#[tokio::test(flavor = "multi_thread")]
async fn reads_do_not_wait_for_lost_positions() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let kept = app.app.feed.head();
    for n in 0..20 {
        rename(&ada, &conversation, &format!("Title {n}")).await;
    }
    delete_events_after(&app.app.pool, kept).await;
    tokio::time::timeout(PATIENCE, app.app.feed.clone().wait_for_epoch_change(0))
        .await
        .unwrap();
    let started = Instant::now();
    for _ in 0..10 {
        ada.get("/conversations").await;
    }
    // Ten waiting reads would take twenty seconds.
    assert!(
        started.elapsed() < Duration::from_secs(15),
        "{:?}",
        started.elapsed()
    );
}
