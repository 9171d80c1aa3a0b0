//! Expected versions, idempotency, reservations and further rows.

use domain::user::{ChangeRole, ReactivateUser, Role, SuspendUser};
use eventstore::command::idempotency::Idempotency;
use eventstore::command::{Committed, Context, Execution, ExecutorError, step};
use uuid::Uuid;

use crate::fixture::{Fixture, TestWrite, register};

fn with_key(user_id: Uuid, body: &str) -> Execution {
    Execution {
        idempotency: Some(Idempotency {
            principal: "user:1".into(),
            operation: "register".into(),
            key: "key-1".into(),
            body: body.into(),
        }),
        ..Execution::new(Context::system("test"), vec![register(user_id, "Ada")])
    }
}

fn reserving(email: &str) -> Execution {
    let id = Uuid::now_v7();
    Execution {
        reserve: vec![("email", email.to_owned(), id.to_string())],
        ..Execution::new(Context::system("test"), vec![register(id, "Ada")])
    }
}

fn ids(committed: &Committed) -> Vec<Uuid> {
    committed
        .events
        .iter()
        .map(|event| event.aggregate_id)
        .collect()
}

#[tokio::test]
async fn an_expected_version_that_is_not_there_is_refused_with_the_current_one() {
    let fixture = Fixture::new().await;
    let ada = Uuid::now_v7();
    fixture.register(ada).await;
    assert!(fixture.rename(ada, Some(1)).await.is_ok());
    let refused = fixture.rename(ada, Some(1)).await.unwrap_err();
    assert!(matches!(
        refused,
        ExecutorError::VersionMismatch { current: 2 }
    ));
}

#[tokio::test]
async fn what_another_process_did_is_seen_before_anything_is_refused_or_found_unchanged() {
    let here = Fixture::new().await;
    let there = Fixture::open(here.pool.clone()).await;
    let ada = Uuid::now_v7();
    here.register(ada).await;
    let change = |role| step(ada, None, ChangeRole { role });
    // Both remember the user now, each as of its own last command.
    here.execute(change(Role::Manager)).await.unwrap();
    there.execute(change(Role::Admin)).await.unwrap();
    let suspend = || step(ada, None, SuspendUser);
    here.execute(suspend()).await.unwrap();
    let refused = there.execute(suspend()).await.unwrap_err();
    assert_eq!(refused.to_string(), "the account is suspended");
    here.execute(step(ada, None, ReactivateUser)).await.unwrap();
    // There the user is still suspended as far as it remembers: the refusal would be wrong.
    there.execute(suspend()).await.unwrap();
    here.execute(change(Role::User)).await.unwrap();
    // There the role is still admin: that nothing needs to change would be wrong.
    assert_eq!(
        there
            .execute(change(Role::Admin))
            .await
            .unwrap()
            .events
            .len(),
        1
    );
}

#[tokio::test]
async fn many_commands_on_one_aggregate_queue_and_none_is_turned_away() {
    let fixture = Fixture::new().await;
    let ada = Uuid::now_v7();
    fixture.register(ada).await;
    let commands = (0..200).map(|_| fixture.rename(ada, None));
    let results = futures_util::future::join_all(commands).await;
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(fixture.log.head(&fixture.pool).await.unwrap().0, 201);
}

#[tokio::test]
async fn what_does_not_exist_is_not_found_whatever_version_is_expected() {
    let fixture = Fixture::new().await;
    let refused = fixture.rename(Uuid::now_v7(), Some(7)).await.unwrap_err();
    assert!(matches!(refused, ExecutorError::Refused(_)), "{refused}");
}

#[tokio::test]
async fn the_same_key_gives_the_same_result_also_on_another_node() {
    let fixture = Fixture::new().await;
    let other = Fixture::open(fixture.pool.clone()).await;
    let first = fixture
        .executor
        .execute(with_key(Uuid::now_v7(), "{}"))
        .await
        .unwrap();
    let second = other
        .executor
        .execute(with_key(Uuid::now_v7(), "{}"))
        .await
        .unwrap();
    assert!(second.replayed && !first.replayed);
    assert_eq!(ids(&first), ids(&second));
    assert_eq!(first.position, second.position);
    assert_eq!(
        first.events[0].event, second.events[0].event,
        "opened again from the log"
    );
}

#[tokio::test]
async fn many_at_once_with_one_key_have_one_effect() {
    let fixture = Fixture::new().await;
    let other = Fixture::open(fixture.pool.clone()).await;
    let tasks = (0..12).map(|n| {
        let executor = if n % 2 == 0 {
            &fixture.executor
        } else {
            &other.executor
        };
        executor.execute(with_key(Uuid::now_v7(), "{}"))
    });
    let results = futures_util::future::join_all(tasks).await;
    let first = ids(results[0].as_ref().unwrap());
    for result in &results {
        assert_eq!(ids(result.as_ref().unwrap()), first);
    }
    assert_eq!(fixture.log.head(&fixture.pool).await.unwrap().0, 1);
}

#[tokio::test]
async fn another_body_under_the_same_key_is_refused() {
    let fixture = Fixture::new().await;
    fixture
        .executor
        .execute(with_key(Uuid::now_v7(), "{}"))
        .await
        .unwrap();
    let refused = fixture
        .executor
        .execute(with_key(Uuid::now_v7(), "{ }"))
        .await;
    assert!(matches!(refused, Err(ExecutorError::IdempotencyMismatch)));
}

#[tokio::test]
async fn a_key_is_free_again_after_a_day() {
    let fixture = Fixture::new().await;
    fixture
        .executor
        .execute(with_key(Uuid::now_v7(), "{}"))
        .await
        .unwrap();
    sqlx::query("update idempotency_keys set created_at = created_at - interval '25 hours'")
        .execute(&fixture.pool)
        .await
        .unwrap();
    let again = fixture
        .executor
        .execute(with_key(Uuid::now_v7(), "{ }"))
        .await
        .unwrap();
    assert!(!again.replayed);
}

#[tokio::test]
async fn a_value_is_reserved_once_and_neighbours_of_the_loser_are_unharmed() {
    let fixture = Fixture::new().await;
    let mut executions: Vec<Execution> = (0..8).map(|_| reserving("ada@example.org")).collect();
    executions.push(reserving("bob@example.org"));
    let tasks = executions
        .into_iter()
        .map(|execution| fixture.executor.execute(execution));
    let results = futures_util::future::join_all(tasks).await;
    let taken =
        |r: &Result<Committed, ExecutorError>| matches!(r, Err(ExecutorError::Reserved("email")));
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 2);
    assert_eq!(results.iter().filter(|result| taken(result)).count(), 7);
    assert!(results[8].is_ok());
}

#[tokio::test]
async fn further_rows_stand_or_fall_with_the_events() {
    let fixture = Fixture::new().await;
    sqlx::query("create table extra (id uuid primary key)")
        .execute(&fixture.pool)
        .await
        .unwrap();
    let insert = |id: Uuid, refuse: bool| {
        Execution::new(Context::system("test"), vec![register(id, "Ada")])
            .with_write(TestWrite::new(format!("insert into extra values ('{id}')")))
            .with_write(TestWrite {
                statement: "select 1".to_owned(),
                refusal: refuse.then_some("no"),
            })
    };
    let refused = fixture.executor.execute(insert(Uuid::now_v7(), true)).await;
    assert!(matches!(refused, Err(ExecutorError::WriteRefused("no"))));
    fixture
        .executor
        .execute(insert(Uuid::now_v7(), false))
        .await
        .unwrap();
    let rows: i64 = sqlx::query_scalar("select count(*) from extra")
        .fetch_one(&fixture.pool)
        .await
        .unwrap();
    assert_eq!(rows, 1);
    assert_eq!(fixture.log.head(&fixture.pool).await.unwrap().0, 1);
}

#[tokio::test]
async fn a_caller_that_goes_away_cancels_nothing() {
    let fixture = Fixture::new().await;
    let call = fixture.executor.execute(Execution::new(
        Context::system("test"),
        vec![register(Uuid::now_v7(), "Ada")],
    ));
    // Polled once, then dropped, as hyper does with the handler of a client that hung up.
    let mut call = Box::pin(call);
    assert!(futures_util::poll!(&mut call).is_pending());
    drop(call);
    let mut feed = fixture.feed.clone();
    feed.wait_for_position(0).await;
}
