//! Every kind of tampering is reported with its position.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use domain::user::ChangePassword;
use eventstore::command::step;
use eventstore::log;
use eventstore::log::verify::verify;
use serde_json::json;
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
async fn one_changed_column_is_reported() {
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
async fn a_removed_event_is_reported() {
    assert_eq!(
        tampered("delete from events where position = 2").await,
        Some((2, "missing"))
    );
}

#[tokio::test]
async fn reformatted_json_with_the_same_value_is_reported() {
    let statement = "update events set payload = (payload::jsonb)::text::json where position = 4";
    assert_eq!(tampered(statement).await, Some((4, "changed")));
}

/// A log whose chain was recomputed after tampering with the trigger disabled.
async fn rewritten(statement: &str) -> Fixture {
    let fixture = Fixture::new().await;
    for _ in 0..2 {
        let user = Uuid::now_v7();
        fixture.register(user).await;
        for _ in 0..3 {
            let change = step(user, None, ChangePassword);
            fixture.execute(change).await.unwrap();
        }
    }
    let statement = format!("alter table events disable trigger all; {statement}");
    sqlx::raw_sql(&statement)
        .execute(&fixture.pool)
        .await
        .unwrap();
    let mut previous = fixture.log.genesis.to_vec();
    for row in log::read(&fixture.pool, 0, 100).await.unwrap() {
        previous = row.expected_hash(&fixture.log, &previous).to_vec();
        sqlx::query("update events set hash = $1 where position = $2")
            .bind(&previous)
            .bind(row.position)
            .execute(&fixture.pool)
            .await
            .unwrap();
    }
    fixture
}

/// Runs the Python verifier on an export after a position.
async fn in_python(fixture: &Fixture, after: i64, arguments: &[String]) -> Output {
    let before = match after {
        0 => fixture.log.genesis.to_vec(),
        after => log::hash_at(&fixture.pool, after).await.unwrap().unwrap(),
    };
    let mut lines = vec![json!({
        "format": 1, "log_id": fixture.log.id, "after": after, "hash": hex::encode(&before)
    })];
    let rows = log::read(&fixture.pool, after, 100).await.unwrap();
    lines.extend(rows.iter().map(eventstore::RecordedEvent::to_line));
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/log-format/verify.py");
    let mut child = Command::new("python3")
        .arg(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    for line in lines {
        writeln!(input, "{line}").unwrap();
    }
    drop(input);
    child.wait_with_output().unwrap()
}

#[tokio::test]
async fn a_gap_in_an_aggregate_is_reported() {
    for (statement, position) in [
        ("update events set sequence = 9 where position = 8", 8),
        (
            "update events set sequence = sequence + 10 where position >= 6",
            6,
        ),
        ("update events set sequence = 9 where position = 4", 4),
        (
            "update events set sequence = sequence + 100 where position = 1",
            1,
        ),
    ] {
        let fixture = rewritten(statement).await;
        let found = verify(&fixture.pool, &fixture.log, |_| ()).await.unwrap();
        let reason = "without the event before it in its aggregate";
        let (at, why) = found.broken.unwrap();
        assert_eq!(why, reason, "{statement}");
        // An aggregate whose first event was renumbered is reported at its second event at the latest.
        assert!(at <= position.max(2), "{statement}: {at}");
        let output = in_python(&fixture, 0, &[]).await;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success());
        assert_eq!(said.trim(), format!("position {at} is {reason}"));
    }
    let whole = rewritten("select 1").await;
    for after in [0, 3, 8] {
        let output = in_python(&whole, after, &[]).await;
        assert!(output.status.success(), "{output:?}");
    }
}

#[tokio::test]
async fn the_python_verifier_compares_with_known_hashes() {
    let fixture = rewritten("select 1").await;
    let known = |position: i64, hash: &[u8]| {
        [
            "--known".to_owned(),
            format!("{position}:{}", hex::encode(hash)),
        ]
    };
    let rows = log::read(&fixture.pool, 0, 100).await.unwrap();
    let all: Vec<String> = rows
        .iter()
        .flat_map(|row| known(row.position, &row.hash))
        .collect();
    assert!(in_python(&fixture, 0, &all).await.status.success());
    for (position, hash, said) in [
        (3, &rows[3].hash, "rewritten"),
        (9, &rows[3].hash, "cut off"),
    ] {
        let output = in_python(&fixture, 0, &known(position, hash)).await;
        assert!(!output.status.success());
        assert!(
            String::from_utf8_lossy(&output.stderr).contains(said),
            "{output:?}"
        );
    }
}
