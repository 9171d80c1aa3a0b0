//! Concurrent writers append in one order.

use std::collections::{HashMap, HashSet};

use domain::user::{ChangePassword, ChangeRole, Role};
use eventstore::command::{Context, Execution, step};
use eventstore::log;
use eventstore::log::verify;
use futures_util::future::join_all;
use sqlx::postgres::PgPoolOptions;
use std::time::Duration;
use uuid::Uuid;

use crate::fixture::{Fixture, register};

const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_writers_of_several_processes_leave_one_gapless_chain() {
    let first = Fixture::new().await;
    let second = Fixture::open(first.pool.clone()).await;
    let contended = Uuid::now_v7();
    first.register(contended).await;

    let writer = |fixture: &Fixture, id: Uuid| {
        let executor = fixture.executor.clone();
        async move {
            let mut acknowledged = Vec::new();
            let system = || Context::system("test");
            let own = Execution::new(system(), vec![register(id, "Own")]);
            acknowledged.extend(executor.execute(own).await.unwrap().events);
            for _ in 0..5 {
                let shared = step(contended, None, ChangePassword);
                let role = step(id, None, ChangePassword);
                let both = Execution::new(system(), vec![shared, role]);
                match executor.execute(both).await {
                    Ok(committed) => acknowledged.extend(committed.events),
                    // Refused under contention: none of its events may be stored.
                    Err(error) => assert!(
                        matches!(error, eventstore::ExecutorError::Contended),
                        "{error}"
                    ),
                }
            }
            acknowledged
        }
    };
    let tasks = (0..16).map(|n| writer(if n % 2 == 0 { &first } else { &second }, Uuid::now_v7()));
    let acknowledged: Vec<_> = join_all(tasks).await.into_iter().flatten().collect();

    let rows = log::read(&first.pool, 0, 10_000).await.unwrap();
    let positions: Vec<i64> = rows.iter().map(|row| row.position).collect();
    let expected: Vec<i64> = (1..=i64::try_from(rows.len()).unwrap()).collect();
    assert_eq!(positions, expected, "positions are gapless");
    let mut versions: HashMap<&str, i64> = HashMap::new();
    for row in &rows {
        let version = versions.entry(&row.aggregate_id).or_default();
        *version += 1;
        assert_eq!(row.sequence, *version, "sequences are gapless");
    }
    // Everything acknowledged is stored once, and nothing else except the first registration.
    let found: HashSet<i64> = acknowledged.iter().map(|event| event.position).collect();
    assert_eq!(found.len(), acknowledged.len());
    assert_eq!(found.len() + 1, rows.len());
    let verified = verify::verify(&first.pool, &first.log, |_| ())
        .await
        .unwrap();
    assert_eq!(verified.broken, None);
    assert_eq!(verified.events, i64::try_from(rows.len()).unwrap());
}

#[tokio::test]
async fn a_refused_step_leaves_nothing_of_the_command() {
    let fixture = Fixture::new().await;
    let (ada, nobody) = (Uuid::now_v7(), Uuid::now_v7());
    let steps = vec![
        register(ada, "Ada"),
        step(nobody, None, ChangeRole { role: Role::Admin }),
    ];
    let refused = fixture
        .executor
        .execute(Execution::new(Context::system("test"), steps))
        .await;
    assert_eq!(refused.unwrap_err().to_string(), "there is no such user");
    assert_eq!(fixture.log.head(&fixture.pool).await.unwrap().0, 0);
}

#[tokio::test]
async fn steps_on_one_aggregate_build_on_each_other() {
    let fixture = Fixture::new().await;
    let ada = Uuid::now_v7();
    let rename = || step(ada, None, ChangePassword);
    let steps = vec![register(ada, "Ada"), rename(), rename()];
    let committed = fixture
        .executor
        .execute(Execution::new(Context::system("test"), steps))
        .await
        .unwrap();
    let versions: Vec<i64> = committed.events.iter().map(|event| event.version).collect();
    assert_eq!(versions, [1, 2, 3]);
}

#[tokio::test]
async fn events_of_one_command_are_adjacent_and_share_its_id() {
    let fixture = Fixture::new().await;
    let steps = vec![
        register(Uuid::now_v7(), "Ada"),
        register(Uuid::now_v7(), "Bob"),
    ];
    let committed = fixture
        .executor
        .execute(Execution::new(Context::system("test"), steps))
        .await
        .unwrap();
    assert_eq!(committed.position, 2);
    let rows = log::read(&fixture.pool, 0, 10).await.unwrap();
    assert_eq!(rows[0].command_id, rows[1].command_id);
    assert_eq!(rows[0].recorded_at, rows[1].recorded_at);
}

#[tokio::test]
async fn the_application_can_neither_change_nor_delete_events() {
    let fixture = Fixture::new().await;
    fixture.register(Uuid::now_v7()).await;
    for statement in [
        "update events set scope = 'x'",
        "delete from events",
        "truncate events",
    ] {
        let refused = sqlx::query(statement).execute(&fixture.pool).await;
        assert!(refused.is_err(), "{statement}");
    }
}

#[tokio::test]
async fn a_process_that_has_read_past_the_end_of_the_log_is_refused() {
    let fixture = Fixture::new().await;
    fixture.register(Uuid::now_v7()).await;
    let cut = "alter table events disable trigger all; delete from events; alter table events enable trigger all";
    sqlx::raw_sql(cut).execute(&fixture.pool).await.unwrap();
    let refused = fixture.execute(register(Uuid::now_v7(), "Late")).await;
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("no longer contains")
    );
    // Its state is dropped: the next command uses the log as it is.
    fixture.register(Uuid::now_v7()).await;
}

#[tokio::test]
async fn the_feed_wakes_for_events_of_another_process() {
    let first = Fixture::new().await;
    let second = Fixture::open(first.pool.clone()).await;
    let mut feed = second.feed.clone();
    first.register(Uuid::now_v7()).await;
    feed.wait_for_position(0).await;
    assert_eq!(feed.head(), 1);
}

/// The writer holds a connection; a closing pool must not wait for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_writer_releases_its_connection_when_the_pool_closes() {
    let pool = Fixture::new().await.pool;
    let only_one = PgPoolOptions::new().max_connections(1);
    let writers = only_one.connect_with((*pool.connect_options()).clone());
    let writers = writers.await.unwrap();
    let fixture = Fixture::with_writer(pool, writers.clone()).await;
    fixture.register(Uuid::now_v7()).await;
    tokio::time::timeout(PATIENCE, writers.close())
        .await
        .unwrap();
    let refused = fixture.execute(register(Uuid::now_v7(), "Late")).await;
    assert!(refused.is_err(), "{refused:?}");
}
