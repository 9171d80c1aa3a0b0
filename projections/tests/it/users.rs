use projections::user::credentials;
use projections::user::queries;

use crate::fixture::Fixture;

#[tokio::test]
async fn a_password_fits_its_user_and_nobody_elses_costs_the_same_run() {
    let fixture = Fixture::new().await;
    let ada = fixture.user("ada").await;
    let hash = credentials::hash("correct horse".into()).await.unwrap();
    let mut connection = fixture.pool.acquire().await.unwrap();
    credentials::set(&mut connection, ada, &hash).await.unwrap();
    let verify =
        |user, password: &str| credentials::verify(&fixture.pool, user, password.to_owned());
    assert!(verify(Some(ada), "correct horse").await.unwrap());
    assert!(!verify(Some(ada), "wrong horse").await.unwrap());
    assert!(!verify(None, "correct horse").await.unwrap());
}

#[tokio::test]
async fn users_are_listed_in_pages() {
    let fixture = Fixture::new().await;
    let mut made = Vec::new();
    for name in ["a", "b", "c"] {
        made.push(fixture.user(name).await);
    }
    fixture.project_all().await;
    let first = queries::list(&fixture.pool, None, 2).await.unwrap();
    let second = queries::list(&fixture.pool, first.next, 2).await.unwrap();
    let ids: Vec<_> = first
        .items
        .iter()
        .chain(&second.items)
        .map(|user| user.id)
        .collect();
    assert_eq!((ids, second.next), (made, None));
}
