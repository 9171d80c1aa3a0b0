//! A log that loses its end under a running server: streams say so, and nobody waits for what will not come.

use std::time::{Duration, Instant};

use serde_json::json;
use sqlx::PgPool;

use crate::test_app::{PATIENCE, Person, TestApp, next};

/// What a failover to a copy does that missed the last events.
async fn cut(pool: &PgPool, after: i64) {
    let mut transaction = pool.begin().await.unwrap();
    let cut = format!(
        "alter table events disable trigger all; delete from events where position > {after};
         alter table events enable trigger all"
    );
    sqlx::raw_sql(&cut)
        .execute(&mut *transaction)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
}

/// Writes as a client does that is asked to try again.
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
async fn open_streams_are_reset_when_the_log_turns_out_to_be_another_one() {
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
    cut(&app.app.pool, kept).await;
    for frames in &mut streams {
        next(frames, "stream.reset").await;
    }
    // What is appended from here on is told on all of them, beginning with a position that they have had before.
    rename(&ada, &conversation, "Four").await;
    assert_eq!(app.app.feed.head(), kept + 1);
    for (frames, path) in streams.iter_mut().zip(&paths) {
        let mut passed = vec![];
        let told = tokio::time::timeout(PATIENCE, async {
            loop {
                let frame = futures_util::StreamExt::next(frames).await.unwrap();
                if frame.id.starts_with(&format!("{}-", kept + 1)) {
                    return;
                }
                passed.push(frame);
            }
        });
        assert!(told.await.is_ok(), "{path}: {passed:?}");
    }
}

/// The position that a person wrote last is not in the log any more: waiting for it would take two seconds a read.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_a_position_that_was_lost() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let conversation = ada.conversation().await;
    let kept = app.app.feed.head();
    for n in 0..20 {
        rename(&ada, &conversation, &format!("Title {n}")).await;
    }
    cut(&app.app.pool, kept).await;
    tokio::time::timeout(PATIENCE, app.app.feed.clone().wait_for_epoch_change(0))
        .await
        .unwrap();
    let begun = Instant::now();
    for _ in 0..10 {
        ada.get("/conversations").await;
    }
    // Ten reads that waited would take twenty seconds.
    assert!(
        begun.elapsed() < Duration::from_secs(15),
        "{:?}",
        begun.elapsed()
    );
}
