//! What a view cannot take: its scope waits, and nothing else does.

use domain::user::{User, UserCommand};
use eventstore::Execution;
use eventstore::executor::{Context, step};
use projections::parking::{RetryOutcome, retry};
use projections::projectors;
use projections::rebuild::list_status;
use projections::user::queries;

use uuid::Uuid;

use crate::fixture::Fixture;

#[tokio::test]
async fn an_event_that_cannot_be_projected_parks_its_scope_alone() {
    let fixture = Fixture::new().await;
    let first = fixture.user("ada").await;
    // The row of the second user stands in the way of its event.
    let poisoned = fixture.user("eve").await;
    sqlx::query(
        "insert into view_users (id, version, role, display_name, origin, created_at)
         values ($1, 1, 'user', 'in the way', 'x', now())",
    )
    .bind(poisoned)
    .execute(&fixture.pool)
    .await
    .unwrap();
    let last = fixture.user("bob").await;
    fixture.project(projectors()[0].as_ref()).await;
    for id in [first, last] {
        assert!(queries::find(&fixture.pool, id).await.unwrap().is_some());
    }
    let status = list_status(&fixture.pool).await.unwrap();
    assert_eq!((status[0].parked, status[0].position), (1, 3));
}

fn reactivate(user_id: Uuid) -> Execution {
    let reactivate = step::<User>(user_id, None, UserCommand::ReactivateUser {});
    Execution::new(Context::system("test"), vec![reactivate])
}

/// An event of a newer version: what it happened to is neither read further nor written to, all else goes on.
#[tokio::test]
async fn an_event_that_this_version_does_not_know_parks_its_scope_and_is_not_written_over() {
    let fixture = Fixture::new().await;
    let users = projectors().remove(0);
    let strange = fixture.user("eve").await;
    let suspend = step::<User>(strange, None, UserCommand::SuspendUser {});
    fixture.execute(vec![suspend]).await;
    let last = fixture.user("bob").await;
    let disguise = |from: &'static str, to: &'static str| {
        let sql = format!(
            "alter table events disable trigger all;
             update events set event_type = '{to}' where event_type = '{from}';
             alter table events enable trigger all"
        );
        let pool = fixture.pool.clone();
        async move { sqlx::raw_sql(&sql).execute(&pool).await.unwrap() }
    };
    disguise("user_suspended", "user_teleported").await;
    let other = fixture.another().await;
    other.project(users.as_ref()).await;
    // What came before it is shown, and who came after it too.
    let eve = queries::find(&fixture.pool, strange).await.unwrap();
    assert!(!eve.unwrap().suspended);
    assert!(queries::find(&fixture.pool, last).await.unwrap().is_some());
    let status = list_status(&fixture.pool).await.unwrap();
    assert_eq!((status[0].parked, status[0].position), (1, 3));
    assert!(other.executor.execute(reactivate(strange)).await.is_err());
    let again = retry(&other.source, users.as_ref(), &strange.to_string()).await;
    assert!(matches!(again.unwrap(), RetryOutcome::Parked(_)));

    // With the version that knows it, all is taken.
    disguise("user_teleported", "user_suspended").await;
    let again = retry(&other.source, users.as_ref(), &strange.to_string()).await;
    assert_eq!(again.unwrap(), RetryOutcome::Applied);
    let eve = queries::find(&fixture.pool, strange).await.unwrap();
    assert!(eve.unwrap().suspended);
    other.executor.execute(reactivate(strange)).await.unwrap();
}
