//! Failover to a copy of the database that lacks the end of the log, while a process keeps running.

use std::collections::HashMap;
use std::time::Duration;

use domain::user::{ChangePassword, ChangeRole, Role};
use eventstore::command::idempotency::Idempotency;
use eventstore::command::{Context, Execution, step};
use eventstore::log::verify;
use eventstore::{AppendError, ExecutorError, Log, log};
use futures_util::future::join_all;
use sqlx::PgPool;
use testing::Proxy;
use uuid::Uuid;

use crate::fixture::{Fixture, LOG_ID, TestWrite, master};

const PATIENCE: Duration = Duration::from_mins(1);

/// Creates a log, a copy of its database, and objects that exist in both.
async fn copied(objects: usize, events: i64) -> (String, String, Vec<Uuid>) {
    let original = testing::database_url().await;
    let pool = PgPool::connect(&original).await.unwrap();
    Log::initialise(&pool, &master(), LOG_ID).await.unwrap();
    let fixture = Fixture::open(pool.clone()).await;
    let users: Vec<Uuid> = (0..objects).map(|_| Uuid::now_v7()).collect();
    for user in &users {
        fixture.register(*user).await;
        for _ in 1..events {
            change(&fixture, *user).await.unwrap();
        }
    }
    pool.close().await;
    drop(fixture);
    let copy = testing::copy_database(&original).await;
    (original, copy, users)
}

async fn through(proxy: &Proxy) -> Fixture {
    Fixture::open(PgPool::connect(&proxy.url()).await.unwrap()).await
}

async fn change(fixture: &Fixture, user: Uuid) -> Result<(), ExecutorError> {
    let step = step(user, None, ChangePassword);
    fixture.execute(step).await.map(|_| ())
}

/// Retries as a client does on a transient error.
async fn change_at_last(fixture: &Fixture, user: Uuid) {
    let trying = async {
        while let Err(error) = change(fixture, user).await {
            assert!(
                !matches!(error, ExecutorError::Append(AppendError::Failed(_))),
                "{error}"
            );
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, trying).await.unwrap();
}

/// The log is in order, no aggregate has a hole, and the process reads what is stored.
async fn assert_whole(fixture: &mut Fixture, database: &str) {
    let direct = PgPool::connect(database).await.unwrap();
    let rows = log::read(&direct, 0, 10_000).await.unwrap();
    let mut versions: HashMap<&str, i64> = HashMap::new();
    for row in &rows {
        let version = versions.entry(&row.aggregate_id).or_default();
        *version += 1;
        assert_eq!(row.sequence, *version, "{}", row.position);
    }
    let verified = verify::verify(&direct, &fixture.log, |_| ()).await.unwrap();
    assert_eq!(verified.broken, None);
    let last = rows.last().unwrap().position;
    fixture.feed.wait_for_position(last - 1).await;
    let mut position = 0;
    while position < last {
        let read = fixture.feed.read(position, 100).await.unwrap();
        for (row, stored) in read.iter().zip(&rows[usize::try_from(position).unwrap()..]) {
            assert_eq!(row, stored);
        }
        position = read.last().unwrap().position;
    }
    assert_eq!(fixture.feed.head(), last);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failover_to_a_copy_without_the_end_causes_no_gap_and_no_stale_read() {
    for (events, lost, ahead) in [(1, 1, 0), (3, 2, 0), (2, 3, 1), (2, 2, 40)] {
        let (original, copy, users) = copied(12, events).await;
        let proxy = Proxy::start(&original).await;
        let mut fixture = through(&proxy).await;
        for user in &users {
            for _ in 0..lost {
                change(&fixture, *user).await.unwrap();
            }
        }
        // Another process may have appended to the copy, also beyond the position read here.
        if ahead > 0 {
            let other = Fixture::open(PgPool::connect(&copy).await.unwrap()).await;
            for n in 0..ahead {
                change(&other, users[n % users.len()]).await.unwrap();
            }
        }
        proxy.point_at(&copy);
        proxy.cut_all();
        join_all(users.iter().map(async |user| {
            for _ in 0..3 {
                change_at_last(&fixture, *user).await;
            }
        }))
        .await;
        assert!(fixture.feed.epoch() > 0);
        assert_whole(&mut fixture, &copy).await;
    }
}

/// Readers notice the failover even without writes.
#[tokio::test(flavor = "multi_thread")]
async fn a_failover_is_noticed_by_readers() {
    for ahead in [0, 1, 30] {
        let (original, copy, users) = copied(2, 2).await;
        let proxy = Proxy::start(&original).await;
        let mut fixture = through(&proxy).await;
        for _ in 0..5 {
            change(&fixture, users[0]).await.unwrap();
        }
        let other = Fixture::open(PgPool::connect(&copy).await.unwrap()).await;
        for _ in 0..ahead {
            change(&other, users[1]).await.unwrap();
        }
        proxy.point_at(&copy);
        proxy.cut_all();
        let epoch = tokio::time::timeout(PATIENCE, fixture.feed.wait_for_epoch_change(0));
        assert_eq!(epoch.await.unwrap(), 1);
        assert_whole(&mut fixture, &copy).await;
    }
}

/// The database function refuses regardless of the state of the process, with the arguments of this version and of the
/// previous one.
#[tokio::test]
async fn an_event_without_its_predecessor_is_refused_by_the_database() {
    for with_side_rows in [true, false] {
        let fixture = Fixture::new().await;
        let user = Uuid::now_v7();
        fixture.register(user).await;
        let (known, unknown) = (user.to_string(), Uuid::now_v7().to_string());
        for (ids, sequences, fits) in [
            (vec![&known], vec![2], true),
            (vec![&known], vec![4], false),
            (vec![&known], vec![1_000_000], false),
            (vec![&known, &known], vec![3, 4], true),
            (vec![&known, &known], vec![5, 7], false),
            (vec![&unknown], vec![2], false),
            (vec![&unknown, &known], vec![1, 6], false),
            (vec![&unknown, &known, &unknown], vec![1, 5, 2], true),
        ] {
            let appended = append_by_hand(&fixture.pool, &ids, &sequences, with_side_rows).await;
            let code = appended.as_ref().err().map(|error| {
                let database = error.as_database_error();
                database.map_or_else(
                    || error.to_string(),
                    |error| error.code().unwrap().into_owned(),
                )
            });
            assert_eq!(
                code.as_deref(),
                if fits { None } else { Some("CS002") },
                "{with_side_rows}: {appended:?}"
            );
        }
    }
}

async fn append_by_hand(
    pool: &PgPool,
    ids: &[&String],
    sequences: &[i64],
    with_side_rows: bool,
) -> Result<(), sqlx::Error> {
    let n = ids.len();
    let texts = |text: &str| vec![text.to_owned(); n];
    let uuids = || (0..n).map(|_| Uuid::now_v7()).collect::<Vec<_>>();
    let numbered = (1..).zip(sequences);
    let unproven: Vec<i32> = numbered
        .filter(|(_, sequence)| **sequence > 1)
        .map(|(number, _)| number)
        .collect();
    let events = "0, '', $1, $2, $3, $4, $5, $4, $6, $7, $8, $8, $9";
    let call = match with_side_rows {
        true => format!("select from append_events({events}, '{{}}', $10::int[])"),
        // As the previous version calls it: one array for each column of each kind of row.
        false => format!(
            "select from append_events({events}, '{{}}'::text[], '{{}}'::bytea[], '{{}}'::text[], '{{}}'::text[],
                 '{{}}'::bytea[], '{{}}'::text[], '{{}}'::text[], '{{}}'::bytea[], '{{}}'::text[], '{{}}'::text[],
                 '{{}}'::text[], '{{}}'::bytea[], '{{}}'::uuid[], '{{}}'::uuid[], '{{}}'::text[], $10::int[])"
        ),
    };
    let query = sqlx::query(&call)
        .bind(uuids())
        .bind(uuids())
        .bind(texts("user"))
        .bind(ids.iter().map(|id| (*id).clone()).collect::<Vec<_>>())
        .bind(sequences)
        .bind(texts("password_changed"))
        .bind(texts("1"))
        .bind(texts("{}"))
        .bind(vec![vec![0_u8; 32]; n])
        .bind(unproven);
    query.fetch_all(pool).await.map(|_| ())
}

/// A command and another transaction wait for each other; the database aborts one of them.
#[tokio::test(flavor = "multi_thread")]
async fn a_deadlock_is_retried() {
    let fixture = Fixture::new().await;
    let mac = fixture.keys.mac("email", b"ada").await.unwrap();
    let mut other = fixture.pool.begin().await.unwrap();
    sqlx::query("insert into reservations (kind, mac, owner) values ('email', $1, 'x')")
        .bind(&mac)
        .execute(&mut *other)
        .await
        .unwrap();
    let command = {
        let executor = fixture.executor.clone();
        let mut execution = Execution::new(
            Context::system("test"),
            vec![crate::fixture::register(Uuid::now_v7(), "Ada")],
        );
        execution
            .reserve
            .push(("email", "ada".into(), "ada".into()));
        tokio::spawn(async move { executor.execute(execution).await })
    };
    let waits = "select exists (select from pg_stat_activity where datname = current_database()
                                and wait_event_type = 'Lock')";
    while !sqlx::query_scalar::<_, bool>(waits)
        .fetch_one(&fixture.pool)
        .await
        .unwrap()
    {
        tokio::task::yield_now().await;
    }
    // The session that detects the deadlock first is aborted: the command, after one second.
    sqlx::query("set local deadlock_timeout = '1min'")
        .execute(&mut *other)
        .await
        .unwrap();
    sqlx::query("select pg_advisory_xact_lock(4853001)")
        .execute(&mut *other)
        .await
        .unwrap();
    other.rollback().await.unwrap();
    assert_eq!(command.await.unwrap().unwrap().events.len(), 1);
}

async fn change_role(
    fixture: &Fixture,
    user: Uuid,
    role: Role,
    key: Option<&str>,
) -> eventstore::Committed {
    let step = step(user, None, ChangeRole { role });
    let mut execution = Execution::new(Context::system("test"), vec![step])
        .with_write(TestWrite::new("insert into further default values"));
    execution.idempotency = key.map(|key| Idempotency {
        principal: "test".into(),
        operation: "change_role".into(),
        key: key.into(),
        body: vec![],
    });
    fixture.executor.execute(execution).await.unwrap()
}

async fn further(fixture: &Fixture) -> i64 {
    sqlx::query_scalar("select count(*) from further")
        .fetch_one(&fixture.pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_command_that_changes_nothing_stores_additional_rows_and_an_idempotency_key() {
    let fixture = Fixture::new().await;
    sqlx::query("create table further (id serial)")
        .execute(&fixture.pool)
        .await
        .unwrap();
    let user = Uuid::now_v7();
    fixture.register(user).await;
    for replayed in [false, true, true] {
        let committed = change_role(&fixture, user, Role::User, Some("key")).await;
        assert_eq!((committed.events.len(), committed.replayed), (0, replayed));
        assert_eq!(further(&fixture).await, 1);
    }
}

#[tokio::test]
async fn a_command_with_additional_writes_checks_the_log_before_reporting_no_change() {
    let fixture = Fixture::new().await;
    sqlx::query("create table further (id serial)")
        .execute(&fixture.pool)
        .await
        .unwrap();
    let user = Uuid::now_v7();
    fixture.register(user).await;
    let elsewhere = Fixture::open(fixture.pool.clone()).await;
    change_role(&elsewhere, user, Role::Admin, None).await;
    // The cache still has the user without rights.
    let committed = change_role(&fixture, user, Role::User, None).await;
    assert_eq!(committed.events.len(), 1);
    assert_eq!(further(&fixture).await, 2);
}

#[tokio::test]
async fn a_full_disk_is_reported_until_an_append_succeeds() {
    let fixture = Fixture::new().await;
    let execution = Execution::new(
        Context::system("test"),
        vec![crate::fixture::register(Uuid::now_v7(), "Ada")],
    )
    .with_write(TestWrite::new(
        "do $$ begin raise 'no space left' using errcode = '53100'; end $$",
    ));
    let refused = fixture.executor.execute(execution).await;
    assert!(
        matches!(
            refused,
            Err(ExecutorError::Append(AppendError::StorageFull))
        ),
        "{refused:?}"
    );
    assert!(fixture.feed.is_full());
    fixture.register(Uuid::now_v7()).await;
    assert!(!fixture.feed.is_full());
}
