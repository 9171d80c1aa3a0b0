//! The proxy does to connections what its tests elsewhere rely on.

#![allow(clippy::unwrap_used, reason = "tests say what went wrong by panicking")]

use std::time::{Duration, Instant};

use sqlx::{Connection, PgConnection};
use testing::Proxy;

async fn database(connection: &mut PgConnection) -> sqlx::Result<String> {
    sqlx::query_scalar("select current_database()::text")
        .fetch_one(connection)
        .await
}

#[tokio::test]
async fn connections_are_cut_refused_and_led_elsewhere() {
    let (first, second) = (testing::database_url().await, testing::database_url().await);
    let proxy = Proxy::start(&first).await;
    let mut open = PgConnection::connect(&proxy.url()).await.unwrap();
    let here = database(&mut open).await.unwrap();
    assert!(first.contains(&here));

    proxy.refuse(true).await;
    assert!(PgConnection::connect(&proxy.url()).await.is_err());
    assert_eq!(database(&mut open).await.unwrap(), here);
    proxy.refuse(false).await;

    proxy.point_at(&second);
    assert_eq!(database(&mut open).await.unwrap(), here);
    proxy.cut_all();
    assert!(database(&mut open).await.is_err());
    let mut open = PgConnection::connect(&proxy.url()).await.unwrap();
    assert!(second.contains(&database(&mut open).await.unwrap()));
}

#[tokio::test]
async fn answers_are_swallowed_after_the_database_has_done_what_was_asked() {
    let url = testing::database_url().await;
    let proxy = Proxy::start(&url).await;
    let mut direct = PgConnection::connect(&url).await.unwrap();
    let mut open = PgConnection::connect(&proxy.url()).await.unwrap();
    proxy.swallow_answers(true);
    // A statement that need not be prepared: the first answer is the one that tells that it was done.
    let asked = sqlx::raw_sql("create table swallowed ()").execute(&mut open);
    let done = async {
        let exists = "select to_regclass('swallowed') is not null";
        while !sqlx::query_scalar::<_, bool>(exists)
            .fetch_one(&mut direct)
            .await
            .unwrap()
        {
            tokio::task::yield_now().await;
        }
        proxy.cut_all();
    };
    let (answer, ()) = tokio::join!(asked, done);
    assert!(answer.is_err());
}

#[tokio::test]
async fn what_is_delayed_takes_at_least_so_long() {
    let proxy = Proxy::start(&testing::database_url().await).await;
    let mut open = PgConnection::connect(&proxy.url()).await.unwrap();
    proxy.delay(Duration::from_millis(40));
    let begun = Instant::now();
    database(&mut open).await.unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(80));
}
