//! Rebuilt views: they equal the live ones, and repair damaged ones.

use projections::conversation::{MessageStatus, queries};
use projections::projectors;
use projections::rebuild::{digest, rebuild};

use crate::fixture::Fixture;

async fn view_digests(fixture: &Fixture) -> Vec<[u8; 32]> {
    let mut digests = Vec::new();
    for projector in projectors() {
        digests.push(digest(&fixture.pool, projector.as_ref()).await.unwrap());
    }
    digests
}

#[tokio::test]
async fn every_rebuilt_view_equals_the_live_one() {
    let fixture = Fixture::new().await;
    for name in ["ada", "bob", "eve"] {
        let user = fixture.create_user(name).await;
        fixture.create_conversation(user).await;
        // The live views are projected in several steps.
        fixture.project_all().await;
    }
    let live = view_digests(&fixture).await;
    for projector in projectors() {
        rebuild(&fixture.source, projector.as_ref(), |_| ())
            .await
            .unwrap();
    }
    assert_eq!(view_digests(&fixture).await, live);
    assert_ne!(live[0], live[1], "digests of different views differ");
}

#[tokio::test]
async fn a_view_that_was_never_projected_can_be_rebuilt_and_advances_from_there() {
    let fixture = Fixture::new().await;
    fixture.create_user("ada").await;
    for projector in projectors() {
        rebuild(&fixture.source, projector.as_ref(), |_| ())
            .await
            .unwrap();
    }
    fixture.create_user("bob").await;
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
async fn a_changed_row_changes_the_digest() {
    let fixture = Fixture::new().await;
    fixture.create_user("ada").await;
    fixture.project_all().await;
    let before = view_digests(&fixture).await;
    sqlx::query("update view_users set display_name = 'x'")
        .execute(&fixture.pool)
        .await
        .unwrap();
    assert_ne!(view_digests(&fixture).await[0], before[0]);
}

#[tokio::test]
async fn a_view_that_does_not_match_its_version_or_the_log_is_rebuilt() {
    let fixture = Fixture::new().await;
    let user = fixture.create_user("ada").await;
    let conversation = fixture.create_conversation(user).await;
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
async fn text_with_a_destroyed_key_reads_erased_after_a_rebuild() {
    let fixture = Fixture::new().await;
    let user = fixture.create_user("ada").await;
    let conversation = fixture.create_conversation(user).await;
    sqlx::query("update subject_keys set wrapped = null, destroyed_at = now() where subject like 'conversation:%'")
        .execute(&fixture.pool)
        .await
        .unwrap();
    // Fresh keys, without any in memory, as in another process.
    let keys = eventstore::Keys::new(fixture.pool.clone(), fixture.log.id, &fixture.master);
    let source = projections::EventSource {
        keys,
        ..fixture.source.clone()
    };
    let projectors = projectors();
    let projector = projectors
        .iter()
        .find(|projector| projector.name() == "conversations")
        .unwrap();
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
        path.items.iter().all(
            |message| message.content == "[erased]" && *message.status == MessageStatus::Erased
        )
    );
}
