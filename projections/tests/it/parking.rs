//! An event that a view cannot apply parks only its own scope.

use domain::user::{ReactivateUser, SuspendUser};
use eventstore::Execution;
use eventstore::command::{Context, step};
use projections::projector::{RetryOutcome, retry_parked};
use projections::projectors;
use projections::rebuild::list_status;
use projections::user::queries;
use uuid::Uuid;

use crate::fixture::Fixture;

#[tokio::test]
async fn an_event_that_cannot_be_projected_parks_only_its_scope() {
    let fixture = Fixture::new().await;
    let first = fixture.create_user("ada").await;
    // An existing row of the second user makes its event fail.
    let poisoned = fixture.create_user("eve").await;
    sqlx::query(
        "insert into view_users (id, version, role, display_name, origin, created_at)
         values ($1, 1, 'user', 'in the way', 'x', now())",
    )
    .bind(poisoned)
    .execute(&fixture.pool)
    .await
    .unwrap();
    let last = fixture.create_user("bob").await;
    fixture.project(projectors()[0].as_ref()).await;
    for id in [first, last] {
        assert!(queries::find(&fixture.pool, id).await.unwrap().is_some());
    }
    let status = list_status(&fixture.pool).await.unwrap();
    assert_eq!((status[0].parked, status[0].position), (1, 3));
}

fn reactivation(user_id: Uuid) -> Execution {
    let reactivate = step(user_id, None, ReactivateUser);
    Execution::new(Context::system("test"), vec![reactivate])
}

/// An event of a newer version: its scope is neither projected nor written to; all others are.
#[tokio::test]
async fn an_unsupported_event_parks_its_scope_and_blocks_writes_to_it() {
    let fixture = Fixture::new().await;
    let users = projectors().remove(0);
    let unsupported = fixture.create_user("eve").await;
    let suspend = step(unsupported, None, SuspendUser);
    fixture.execute(vec![suspend]).await;
    let last = fixture.create_user("bob").await;
    let rename_event = |from: &'static str, to: &'static str| {
        let sql = format!(
            "alter table events disable trigger all;
             update events set event_type = '{to}' where event_type = '{from}';
             alter table events enable trigger all"
        );
        let pool = fixture.pool.clone();
        async move { sqlx::raw_sql(&sql).execute(&pool).await.unwrap() }
    };
    rename_event("user_suspended", "user_teleported").await;
    let other = fixture.reopen().await;
    other.project(users.as_ref()).await;
    // Earlier events of the scope and later events of other scopes are projected.
    let eve = queries::find(&fixture.pool, unsupported).await.unwrap();
    assert!(!eve.unwrap().suspended);
    assert!(queries::find(&fixture.pool, last).await.unwrap().is_some());
    let status = list_status(&fixture.pool).await.unwrap();
    assert_eq!((status[0].parked, status[0].position), (1, 3));
    assert!(
        other
            .executor
            .execute(reactivation(unsupported))
            .await
            .is_err()
    );
    let result = retry_parked(&other.source, users.as_ref(), &unsupported.to_string()).await;
    assert!(matches!(result.unwrap(), RetryOutcome::Parked(_)));

    // A version that supports the event applies everything.
    rename_event("user_teleported", "user_suspended").await;
    let result = retry_parked(&other.source, users.as_ref(), &unsupported.to_string()).await;
    assert_eq!(result.unwrap(), RetryOutcome::Applied);
    let eve = queries::find(&fixture.pool, unsupported).await.unwrap();
    assert!(eve.unwrap().suspended);
    other
        .executor
        .execute(reactivation(unsupported))
        .await
        .unwrap();
}
