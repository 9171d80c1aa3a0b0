//! Every kind of tampering is named by its position.

use eventstore::verify::verify;
use uuid::Uuid;

use crate::fixture::Fixture;

async fn tampered(statement: &str) -> Option<(i64, &'static str)> {
    let fixture = Fixture::new().await;
    for _ in 0..5 {
        fixture.register(Uuid::now_v7()).await;
    }
    let statement = format!("alter table events disable trigger all; {statement}");
    sqlx::raw_sql(&statement)
        .execute(&fixture.pool)
        .await
        .unwrap();
    verify(&fixture.pool, &fixture.log, |_| ())
        .await
        .unwrap()
        .broken
}

#[tokio::test]
async fn one_changed_column_is_named() {
    for change in [
        "payload = replace(payload::text, 'user', 'uses')::json",
        "metadata = replace(metadata::text, 'system', 'sistem')::json",
        "event_type = 'user_suspended'",
        "event_version = '2'",
        "scope = 'elsewhere'",
        "aggregate_id = 'elsewhere'",
        "sequence = 2",
        "event_id = gen_random_uuid()",
        "command_id = gen_random_uuid()",
        "recorded_at = recorded_at + interval '1 microsecond'",
        "hash = sha256('x')",
    ] {
        let statement = format!("update events set {change} where position = 3");
        assert_eq!(tampered(&statement).await, Some((3, "changed")), "{change}");
    }
}

#[tokio::test]
async fn a_removed_event_is_named() {
    assert_eq!(
        tampered("delete from events where position = 2").await,
        Some((2, "missing"))
    );
}

#[tokio::test]
async fn reformatted_json_with_the_same_value_is_named() {
    let statement = "update events set payload = (payload::jsonb)::text::json where position = 4";
    assert_eq!(tampered(statement).await, Some((4, "changed")));
}
