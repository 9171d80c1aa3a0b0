//! Sixty-four writers in four processes, with slow and refused commands, append in one order.

use std::collections::HashMap;
use std::time::Duration;

use domain::user::ChangePassword;
use eventstore::command::{Context, Execution, step};
use eventstore::log::verify;
use eventstore::{ExecutorError, log};
use futures_util::future::join_all;
use tokio::sync::watch;
use uuid::Uuid;

use crate::fixture::{Fixture, TestWrite, register};

const WRITERS: usize = 64;
const ROUNDS: usize = 10;

/// Follows the growing log: every position once, in order, and each aggregate's sequence without a gap.
async fn follow(fixture: &Fixture, mut ended: watch::Receiver<bool>) -> i64 {
    let mut feed = fixture.feed.clone();
    let mut versions: HashMap<String, i64> = HashMap::new();
    let mut position = 0;
    loop {
        for event in feed.read(position, 100).await.unwrap() {
            assert_eq!(
                event.position,
                position + 1,
                "nothing is missed or repeated"
            );
            position = event.position;
            let version = versions.entry(event.aggregate_id).or_default();
            *version += 1;
            assert_eq!(event.sequence, *version);
        }
        let head = fixture.log.head(&fixture.pool).await.unwrap().0;
        if *ended.borrow() && position == head {
            return position;
        }
        tokio::select! {
            () = feed.wait_for_position(position) => {}
            _ = ended.changed() => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_writers_append_in_one_order_that_a_follower_sees() {
    let first = Fixture::new().await;
    let mut processes = vec![];
    for _ in 0..3 {
        processes.push(Fixture::open(first.pool.clone()).await);
    }
    let users: Vec<Uuid> = (0..WRITERS).map(|_| Uuid::now_v7()).collect();
    for user in &users {
        first.execute(register(*user, "Ada")).await.unwrap();
    }
    let (ending, ended) = watch::channel(false);
    let write = |n: usize| {
        let executor = match n % 4 {
            0 => first.executor.clone(),
            process => processes[process - 1].executor.clone(),
        };
        let users = users.clone();
        async move {
            let mut random = fastrand::Rng::with_seed(n as u64);
            let mut acknowledged = 0;
            for _ in 0..ROUNDS {
                // Mostly separate objects, sometimes a shared one.
                let user = match random.u8(0..4) {
                    0 => users[0],
                    _ => users[random.usize(0..WRITERS)],
                };
                let command = ChangePassword;
                let mut execution =
                    Execution::new(Context::system("storm"), vec![step(user, None, command)]);
                let (slow, refused) = (random.u8(0..4) == 0, random.u8(0..8) == 0);
                if slow || refused {
                    let pause = f64::from(random.u8(0..4)) / 1_000.0;
                    execution = execution.with_write(TestWrite {
                        statement: format!("select pg_sleep({pause})"),
                        refusal: refused.then_some("not_today"),
                    });
                }
                match executor.execute(execution).await {
                    Ok(committed) => acknowledged += committed.events.len(),
                    Err(ExecutorError::WriteRefused("not_today")) if refused => {}
                    Err(ExecutorError::Contended) => {}
                    Err(error) => panic!("{error}"),
                }
            }
            acknowledged
        }
    };
    let writing = async {
        let acknowledged: usize = join_all((0..WRITERS).map(write)).await.into_iter().sum();
        ending.send_replace(true);
        acknowledged
    };
    let all = async { tokio::join!(writing, follow(&processes[0], ended)) };
    let (acknowledged, position) = tokio::time::timeout(Duration::from_mins(2), all)
        .await
        .expect("the storm ends");
    assert!(
        acknowledged > WRITERS * ROUNDS / 2,
        "{acknowledged} of {}",
        WRITERS * ROUNDS
    );
    // Everything acknowledged is stored, nothing that was refused, and nothing else.
    assert_eq!(position, i64::try_from(WRITERS + acknowledged).unwrap());
    let verified = verify::verify(&first.pool, &first.log, |_| ())
        .await
        .unwrap();
    assert_eq!((verified.broken, verified.events), (None, position));
    assert_eq!(log::read(&first.pool, position, 1).await.unwrap().len(), 0);
}
