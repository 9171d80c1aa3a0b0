//! Runs that are granted with the append that asks for them.

use eventstore::executor::{Context, Execution};
use eventstore::idempotency::Idempotency;
use eventstore::seats::Lane;
use eventstore::{Leases, Seats};
use uuid::Uuid;

use crate::fixture::{Fixture, register};

const PERSON: Uuid = Uuid::nil();

async fn expires(fixture: &Fixture, run: Uuid) -> Option<chrono::DateTime<chrono::Utc>> {
    sqlx::query_scalar("select expires_at from leases where run = $1")
        .bind(run)
        .fetch_optional(&fixture.pool)
        .await
        .unwrap()
}

fn seated(run: Uuid, seats: &Seats, key: &str) -> Execution {
    Execution {
        seat: seats.take(Lane::Provider, PERSON).map(|seat| (run, seat)),
        idempotency: Some(Idempotency {
            principal: "user:1".into(),
            operation: "ask".into(),
            key: key.into(),
            body: "x".into(),
        }),
        ..Execution::new(Context::system("test"), vec![register(run, "Ada")])
    }
}

#[tokio::test]
async fn a_run_is_leased_in_its_append_and_handed_over_once() {
    let fixture = Fixture::new().await;
    let leases = Leases::new(fixture.pool.clone(), "here");
    let (seats, mut taken) = Seats::new(&leases, 1);
    assert!(
        seats.take(Lane::Provider, PERSON).is_none(),
        "nothing is granted before the responder is there"
    );
    seats.open();
    let run = Uuid::now_v7();
    fixture
        .executor
        .execute(seated(run, &seats, "1"))
        .await
        .unwrap();
    let handed = taken.recv().await.unwrap();
    assert_eq!(handed.events[0].aggregate_id, run);
    let granted = expires(&fixture, run).await.expect("a lease");
    assert!(
        seats.take(Lane::Provider, PERSON).is_none(),
        "the seat is taken until the run has ended"
    );
    drop(handed);

    // What was granted and never heard of is left to expire; what is worked on is renewed.
    leases.renew().await.unwrap();
    assert_eq!(expires(&fixture, run).await, Some(granted));
    let lease = leases.hold(run, std::time::Instant::now());
    leases.renew().await.unwrap();
    assert!(expires(&fixture, run).await > Some(granted));

    // The same request again asks for nothing new.
    let replayed = fixture
        .executor
        .execute(seated(Uuid::now_v7(), &seats, "1"))
        .await
        .unwrap();
    assert!(replayed.replayed && taken.try_recv().is_err());
    assert!(seats.take(Lane::Provider, PERSON).is_some());
    lease.release().await;
    assert_eq!(expires(&fixture, run).await, None);
}

#[tokio::test]
async fn a_refused_command_gives_its_seat_back_and_leaves_no_lease() {
    let fixture = Fixture::new().await;
    let leases = Leases::new(fixture.pool.clone(), "here");
    let (seats, mut taken) = Seats::new(&leases, 1);
    seats.open();
    let run = Uuid::now_v7();
    fixture.register(run).await;
    fixture
        .executor
        .execute(seated(run, &seats, "1"))
        .await
        .unwrap_err();
    assert!(taken.try_recv().is_err() && seats.take(Lane::Provider, PERSON).is_some());
    assert_eq!(expires(&fixture, run).await, None);
}
