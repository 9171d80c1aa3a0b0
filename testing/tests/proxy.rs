//! Tests of the proxy that other tests rely on.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use sqlx::{Connection, PgConnection};
use testing::Proxy;

async fn database(connection: &mut PgConnection) -> sqlx::Result<String> {
    sqlx::query_scalar("select current_database()::text")
        .fetch_one(connection)
        .await
}

#[tokio::test]
async fn connections_are_cut_refused_and_redirected() {
    let (first, second) = (testing::database_url().await, testing::database_url().await);
    let proxy = Proxy::start(&first).await;
    let mut open = PgConnection::connect(&proxy.url()).await.unwrap();
    let name = database(&mut open).await.unwrap();
    assert!(first.contains(&name));

    proxy.refuse(true).await;
    assert!(PgConnection::connect(&proxy.url()).await.is_err());
    assert_eq!(database(&mut open).await.unwrap(), name);
    proxy.refuse(false).await;

    proxy.point_at(&second);
    assert_eq!(database(&mut open).await.unwrap(), name);
    proxy.cut_all();
    assert!(database(&mut open).await.is_err());
    let mut open = PgConnection::connect(&proxy.url()).await.unwrap();
    assert!(second.contains(&database(&mut open).await.unwrap()));
}

#[tokio::test]
async fn responses_are_swallowed_after_the_statement_is_executed() {
    let url = testing::database_url().await;
    let proxy = Proxy::start(&url).await;
    let mut direct = PgConnection::connect(&url).await.unwrap();
    let mut open = PgConnection::connect(&proxy.url()).await.unwrap();
    proxy.swallow_answers(true);
    // A statement that is not prepared: the only response is its result.
    let statement = sqlx::raw_sql("create table swallowed ()").execute(&mut open);
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
    let (result, ()) = tokio::join!(statement, done);
    assert!(result.is_err());
}

#[tokio::test]
async fn a_delay_applies_in_both_directions() {
    let proxy = Proxy::start(&testing::database_url().await).await;
    let mut open = PgConnection::connect(&proxy.url()).await.unwrap();
    proxy.delay(Duration::from_millis(40));
    let started = Instant::now();
    database(&mut open).await.unwrap();
    assert!(started.elapsed() >= Duration::from_millis(80));
}
