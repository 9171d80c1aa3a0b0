//! Passwords, and lists of users.

use projections::user::credentials;
use projections::user::queries::{self, UserOrder};

use crate::fixture::Fixture;

#[tokio::test]
async fn only_the_right_password_of_a_known_user_is_accepted() {
    let fixture = Fixture::new().await;
    let ada = fixture.create_user("ada").await;
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
    let mut created = Vec::new();
    for name in ["a", "b", "c"] {
        created.push(fixture.create_user(name).await);
    }
    fixture.project_all().await;
    let by_name = created.clone();
    let newest_first = created.iter().copied().rev().collect();
    for (order, expected) in [
        (UserOrder::CreatedAt, created),
        (UserOrder::Name, by_name),
        // Nobody has been active.
        (UserOrder::LastActiveAt, newest_first),
    ] {
        let list = async |after| queries::list(&fixture.pool, (order, None), after, 2).await;
        let first = list(None).await.unwrap();
        let second = list(first.next.as_ref()).await.unwrap();
        let ids: Vec<_> = first
            .items
            .iter()
            .chain(&second.items)
            .map(|user| user.id)
            .collect();
        assert_eq!((ids, second.next), (expected, None), "{order:?}");
    }
}
