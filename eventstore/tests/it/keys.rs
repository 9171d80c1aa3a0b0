//! Tests of the key ring: wrapped, destroyed and wrong keys.

use std::collections::BTreeSet;

use domain::{Event, Personal, Subject, user::UserEvent};
use eventstore::log::{self, LogError};
use eventstore::seal::vault::KeyState;
use eventstore::{Keys, Log, MasterKey};
use uuid::Uuid;

use crate::fixture::{Fixture, LOG_ID, master};

fn name(event: &Event) -> &Personal<String> {
    let Event::User(UserEvent::UserRegistered { display_name, .. }) = event else {
        panic!("{event:?}");
    };
    display_name
}

async fn first(fixture: &Fixture, keys: &Keys) -> Result<Event, LogError> {
    let rows = log::read(&fixture.pool, 0, 1).await.unwrap();
    let mut opened = log::open(&fixture.log, keys, rows).await?;
    Ok(opened.remove(0).event)
}

#[tokio::test]
async fn personal_text_is_sealed_in_the_log_and_opens_for_readers() {
    let fixture = Fixture::new().await;
    fixture.register(Uuid::now_v7()).await;
    let rows = log::read(&fixture.pool, 0, 1).await.unwrap();
    assert!(!rows[0].payload.contains("Ada") && !rows[0].payload.contains("example.org"));
    let keys = Keys::new(fixture.pool.clone(), LOG_ID, &master());
    assert_eq!(name(&first(&fixture, &keys).await.unwrap()).text(), "Ada");
}

#[tokio::test]
async fn a_destroyed_key_reads_erased_and_the_chain_still_verifies() {
    let fixture = Fixture::new().await;
    fixture.register(Uuid::now_v7()).await;
    sqlx::query(
        "update subject_keys set wrapped = null, destroyed_at = now() where subject like 'user:%'",
    )
    .execute(&fixture.pool)
    .await
    .unwrap();
    let keys = Keys::new(fixture.pool.clone(), LOG_ID, &master());
    assert_eq!(
        name(&first(&fixture, &keys).await.unwrap()).text(),
        "[erased]"
    );
    let verified = eventstore::log::verify::verify(&fixture.pool, &fixture.log, |_| ())
        .await
        .unwrap();
    assert_eq!((verified.events, verified.broken), (1, None));
}

#[tokio::test]
async fn a_missing_or_foreign_key_is_an_error_and_never_reads_erased() {
    let fixture = Fixture::new().await;
    fixture.register(Uuid::now_v7()).await;
    let foreign = Keys::new(
        fixture.pool.clone(),
        LOG_ID,
        &MasterKey::generate().unwrap(),
    );
    assert!(matches!(
        first(&fixture, &foreign).await,
        Err(LogError::Key(_))
    ));
    sqlx::query("delete from subject_keys where subject like 'user:%'")
        .execute(&fixture.pool)
        .await
        .unwrap();
    let keys = Keys::new(fixture.pool.clone(), LOG_ID, &master());
    assert!(matches!(
        first(&fixture, &keys).await,
        Err(LogError::Vault(_))
    ));
}

#[tokio::test]
async fn a_node_with_another_master_key_refuses_to_start() {
    let fixture = Fixture::new().await;
    let other = MasterKey::generate().unwrap();
    let refused = Log::open(&fixture.pool, &other)
        .await
        .unwrap_err()
        .to_string();
    assert!(refused.contains(&other.fingerprint()) && refused.contains(&master().fingerprint()));
}

#[tokio::test]
async fn the_file_format_of_a_master_key_is_parsed() {
    let key = MasterKey::generate().unwrap();
    let read = MasterKey::parse(&key.to_file()).unwrap();
    assert_eq!(read.fingerprint(), key.fingerprint());
    assert!(MasterKey::parse("too short").is_none());
}

#[tokio::test]
async fn a_key_is_not_revealed_when_printed() {
    let fixture = Fixture::new().await;
    let subject = Subject::new("installation", LOG_ID);
    let ring = fixture
        .keys
        .load(&BTreeSet::from([subject.clone()]))
        .await
        .unwrap();
    assert!(matches!(ring[&subject], KeyState::Live(_)));
    assert_eq!(format!("{:?}", ring[&subject]), "Live");
}
