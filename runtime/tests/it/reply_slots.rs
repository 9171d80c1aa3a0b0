//! Runs whose lease is granted in the append that starts them.

use eventstore::command::idempotency::Idempotency;
use eventstore::command::{Context, Execution};
use runtime::reply_slots::Lane;
use runtime::{Leases, ReplySlots};
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

fn execution_with_slot(run: Uuid, slots: &ReplySlots, key: &str) -> Execution {
    Execution {
        run: slots
            .acquire(Lane::Provider, PERSON)
            .map(|slot| slot.for_run(run)),
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
    let (slots, mut assigned) = ReplySlots::new(&leases, 1);
    assert!(
        slots.acquire(Lane::Provider, PERSON).is_none(),
        "no slot is available before the responder is ready"
    );
    slots.open();
    let run = Uuid::now_v7();
    fixture
        .executor
        .execute(execution_with_slot(run, &slots, "1"))
        .await
        .unwrap();
    let handed = assigned.recv().await.unwrap();
    assert_eq!(handed.events[0].aggregate_id, run);
    let granted = expires(&fixture, run).await.expect("a lease");
    assert!(
        slots.acquire(Lane::Provider, PERSON).is_none(),
        "the slot is occupied until the run has ended"
    );
    drop(handed);

    // A lease that was granted but not adopted expires; an adopted one is renewed.
    leases.renew().await.unwrap();
    assert_eq!(expires(&fixture, run).await, Some(granted));
    let lease = leases.adopt(run, std::time::Instant::now());
    leases.renew().await.unwrap();
    assert!(expires(&fixture, run).await > Some(granted));

    // Repeating the request starts no new run.
    let replayed = fixture
        .executor
        .execute(execution_with_slot(Uuid::now_v7(), &slots, "1"))
        .await
        .unwrap();
    assert!(replayed.replayed && assigned.try_recv().is_err());
    assert!(slots.acquire(Lane::Provider, PERSON).is_some());
    lease.release().await;
    assert_eq!(expires(&fixture, run).await, None);
}

#[tokio::test]
async fn a_refused_command_releases_its_slot_and_leaves_no_lease() {
    let fixture = Fixture::new().await;
    let leases = Leases::new(fixture.pool.clone(), "here");
    let (slots, mut assigned) = ReplySlots::new(&leases, 1);
    slots.open();
    let run = Uuid::now_v7();
    fixture.register(run).await;
    fixture
        .executor
        .execute(execution_with_slot(run, &slots, "1"))
        .await
        .unwrap_err();
    assert!(assigned.try_recv().is_err() && slots.acquire(Lane::Provider, PERSON).is_some());
    assert_eq!(expires(&fixture, run).await, None);
}
