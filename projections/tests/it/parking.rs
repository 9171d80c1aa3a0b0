use projections::projectors;
use projections::rebuild::list;
use projections::user::queries;

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
    let status = list(&fixture.pool).await.unwrap();
    assert_eq!((status[0].parked, status[0].position), (1, 3));
}
