use projections::conversation::queries;
use projections::projectors;
use projections::rebuild::{digest, rebuild};

use crate::fixture::Fixture;

async fn digests(fixture: &Fixture) -> Vec<[u8; 32]> {
    let mut digests = Vec::new();
    for projector in projectors() {
        digests.push(digest(&fixture.pool, projector.as_ref()).await.unwrap());
    }
    digests
}

#[tokio::test]
async fn every_view_rebuilt_from_nothing_is_equal_to_the_live_one() {
    let fixture = Fixture::new().await;
    for name in ["ada", "bob", "eve"] {
        let user = fixture.user(name).await;
        fixture.conversation(user).await;
        // Live: in several steps.
        fixture.project_all().await;
    }
    let live = digests(&fixture).await;
    for projector in projectors() {
        rebuild(&fixture.source, projector.as_ref(), |_| ())
            .await
            .unwrap();
    }
    assert_eq!(digests(&fixture).await, live);
    assert_ne!(live[0], live[1], "the digests are of something");
}

#[tokio::test]
async fn a_view_that_was_never_made_can_be_rebuilt_and_goes_on_from_there() {
    let fixture = Fixture::new().await;
    fixture.user("ada").await;
    for projector in projectors() {
        rebuild(&fixture.source, projector.as_ref(), |_| ())
            .await
            .unwrap();
    }
    fixture.user("bob").await;
    fixture.project_all().await;
    let status = projections::rebuild::list_status(&fixture.pool)
        .await
        .unwrap();
    assert!(
        status
            .iter()
            .all(|view| view.parked == 0 && view.position == 2),
        "{status:?}"
    );
}

#[tokio::test]
async fn a_change_of_one_row_changes_the_digest() {
    let fixture = Fixture::new().await;
    fixture.user("ada").await;
    fixture.project_all().await;
    let before = digests(&fixture).await;
    sqlx::query("update view_users set display_name = 'x'")
        .execute(&fixture.pool)
        .await
        .unwrap();
    assert_ne!(digests(&fixture).await[0], before[0]);
}

#[tokio::test]
async fn a_view_of_another_version_or_beside_the_log_starts_over() {
    let fixture = Fixture::new().await;
    let user = fixture.user("ada").await;
    let conversation = fixture.conversation(user).await;
    fixture.project_all().await;
    for damage in [
        "update projections set version = 99",
        "update projections set hash = sha256('x')",
        "update projections set position = 99999",
    ] {
        sqlx::query("update view_conversations set title = 'damaged'")
            .execute(&fixture.pool)
            .await
            .unwrap();
        sqlx::query(damage).execute(&fixture.pool).await.unwrap();
        fixture.project_all().await;
        let found = queries::find(&fixture.pool, user, conversation)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(found.title.as_deref(), Some("Title"), "{damage}");
    }
}

#[tokio::test]
async fn erased_text_reads_erased_after_a_rebuild() {
    let fixture = Fixture::new().await;
    let user = fixture.user("ada").await;
    let conversation = fixture.conversation(user).await;
    sqlx::query("update subject_keys set wrapped = null, destroyed_at = now() where subject like 'conversation:%'")
        .execute(&fixture.pool)
        .await
        .unwrap();
    // Another process, which has none of the keys open.
    let keys = eventstore::Keys::new(fixture.pool.clone(), fixture.log.id, &fixture.master);
    let source = projections::EventSource {
        keys,
        ..fixture.source.clone()
    };
    let projectors = projectors();
    let mut named = projectors.iter();
    let projector = named.find(|one| one.name() == "conversations").unwrap();
    rebuild(&source, projector.as_ref(), |_| ()).await.unwrap();
    let found = queries::find(&fixture.pool, user, conversation)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.title.as_deref(), Some("[erased]"));
    let path = queries::path(&fixture.pool, conversation, found.leaf_id.unwrap(), 10)
        .await
        .unwrap();
    assert!(
        path.items
            .iter()
            .all(|message| message.content == "[erased]" && message.status == "erased")
    );
}
