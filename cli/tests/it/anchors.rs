//! An attacker with write access to the database recomputes the hash chain: the anchors detect it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Output;

use eventstore::{Log, log};
use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

use crate::program::{Installation, ok, stderr, stdout};

/// An installation with a few events and a stopped server.
fn stopped_installation() -> Installation {
    let installation = Installation::external();
    installation.create_admin("correct horse");
    for name in ["bob", "eve", "ada2", "joe", "kim", "sue", "tom", "zoe"] {
        let email = format!("{name}@example.com");
        let arguments = [
            "users",
            "create",
            &email,
            "--name",
            name,
            "--password-stdin",
        ];
        ok(&installation.run_with_input(&arguments, "correct horse battery\n"));
    }
    installation.serve().stop();
    installation
}

fn in_place<T>(work: impl FnOnce() -> T) -> T {
    tokio::task::block_in_place(work)
}

fn run(i: &Installation, arguments: &[&str]) -> Output {
    in_place(|| i.run(arguments))
}

/// Changes the stored log with triggers disabled and recomputes all hashes.
async fn rewrite(pool: &PgPool, statement: &str) {
    let id: Uuid = sqlx::query_scalar("select id from log")
        .fetch_one(pool)
        .await
        .unwrap();
    let statement = statement.replace("where AT", &format!("where {AT}"));
    let statement = format!(
        "alter table events disable trigger all; {statement}; alter table events enable trigger all"
    );
    sqlx::raw_sql(&statement).execute(pool).await.unwrap();
    let log = Log::from_id(id);
    let mut previous = log.genesis.to_vec();
    let mut changed = pool.begin().await.unwrap();
    sqlx::raw_sql("alter table events disable trigger all")
        .execute(&mut *changed)
        .await
        .unwrap();
    for row in log::read(pool, 0, 10_000).await.unwrap() {
        previous = row.expected_hash(&log, &previous).to_vec();
        sqlx::query("update events set hash = $1 where position = $2")
            .bind(&previous)
            .bind(row.position)
            .execute(&mut *changed)
            .await
            .unwrap();
    }
    sqlx::raw_sql("alter table events enable trigger all")
        .execute(&mut *changed)
        .await
        .unwrap();
    changed.commit().await.unwrap();
}

/// Kinds of damage; `AT` stands for the registration of a user.
const REWRITTEN: [&str; 18] = [
    "update events set payload = replace(payload::text, '\"user\"', '\"admin\"')::json where AT",
    "update events set payload = replace(payload::text, '{', '{ ')::json where AT",
    "update events set payload = (payload::jsonb)::text::json where AT",
    "update events set metadata = replace(metadata::text, 'cli', 'api')::json where AT",
    "update events set metadata = '{}' where AT",
    "update events set recorded_at = recorded_at + interval '1 microsecond' where AT",
    "update events set event_type = 'user_suspended' where AT",
    "update events set event_version = '2' where AT",
    "update events set scope = 'elsewhere' where AT",
    "update events set event_id = gen_random_uuid() where AT",
    "update events set command_id = gen_random_uuid() where AT",
    "update events set aggregate_id = 'elsewhere' where AT",
    "update events set aggregate_type = 'assistant' where AT",
    "update events set payload = '{}' where position = 1",
    "update events set payload = '{\"x\":1}' where position = (select max(position) from events)",
    "update events set position = -1 where position = 3; update events set position = 3 where position = 4;
     update events set position = 4 where position = -1",
    "delete from events where position = 3; update events set position = -position where position > 3;
     update events set position = -position - 1 where position < 0",
    "delete from events where position > (select max(position) - 1 from events)",
];
const AT: &str = "position = (select min(position) from events where event_type = 'user_registered'
                              and payload::text like '%\"user\"%')";

#[tokio::test(flavor = "multi_thread")]
async fn a_log_rewritten_with_valid_hashes_is_detected() {
    let installation = in_place(stopped_installation);
    let pool = PgPool::connect(installation.database_url()).await.unwrap();
    sqlx::raw_sql("create table kept as select * from events")
        .execute(&pool)
        .await
        .unwrap();
    for damage in REWRITTEN {
        rewrite(&pool, damage).await;
        let verified = run(&installation, &["events", "verify"]);
        assert_eq!(
            verified.status.code(),
            Some(1),
            "{damage}: {}",
            stdout(&verified)
        );
        rewrite(
            &pool,
            "delete from events; insert into events select * from kept",
        )
        .await;
        let verified = run(&installation, &["events", "verify"]);
        ok(&verified);
    }
    // If the anchors in the database are deleted as well, those in the file remain.
    sqlx::raw_sql("delete from log_anchors; delete from projections")
        .execute(&pool)
        .await
        .unwrap();
    rewrite(&pool, REWRITTEN[0]).await;
    for command in [&["events", "verify"][..], &["doctor"]] {
        let output = run(&installation, command);
        assert_eq!(output.status.code(), Some(1));
        let text = stdout(&output) + &stderr(&output);
        assert!(text.contains("rewritten"), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_truncated_log_is_reported_until_it_is_accepted() {
    let installation = in_place(stopped_installation);
    let pool = PgPool::connect(installation.database_url()).await.unwrap();
    let before = ok(&run(&installation, &["events", "verify", "--json"]));
    let before: Value = serde_json::from_str(&before).unwrap();
    let head = format!("{}:{}", before["events"], before["hash"].as_str().unwrap());
    ok(&run(&installation, &["events", "verify", "--head", &head]));
    let file = installation.data_dir().join("anchors");
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    rewrite(
        &pool,
        "delete from events where position > (select max(position) - 6 from events)",
    )
    .await;
    let position: i64 = sqlx::query_scalar("select max(position) from events")
        .fetch_one(&pool)
        .await
        .unwrap();
    for command in [
        &["events", "verify"][..],
        &["doctor"],
        &["database", "backup"],
    ] {
        let output = run(&installation, command);
        assert_eq!(output.status.code(), Some(1), "{command:?}");
        let text = stdout(&output) + &stderr(&output);
        assert!(
            text.contains(&format!("the log ends at position {position}")),
            "{text}"
        );
    }
    // A server warns, starts anyway, and writes no anchor.
    let text = in_place(|| {
        let server = installation.serve();
        let text = server.output();
        server.stop();
        text
    });
    assert!(text.contains("its end was cut off"), "{text}");
    let output = run(&installation, &["events", "verify"]);
    assert_eq!(output.status.code(), Some(1));

    ok(&run(&installation, &["events", "verify", "--accept"]));
    ok(&run(&installation, &["events", "verify"]));
    ok(&run(&installation, &["doctor"]));
    let output = run(&installation, &["events", "verify", "--head", &head]);
    assert_eq!(
        output.status.code(),
        Some(1),
        "--accept does not affect --head"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_backup_verifies() {
    let installation = in_place(stopped_installation);
    let backup = ok(&run(&installation, &["database", "backup", "--json"]));
    let backup: Value = serde_json::from_str(&backup).unwrap();
    let arguments = [
        "users",
        "create",
        "later@example.com",
        "--name",
        "Later",
        "--password-stdin",
    ];
    let created = in_place(|| installation.run_with_input(&arguments, "correct horse battery\n"));
    ok(&created);
    in_place(|| installation.serve().stop());
    ok(&run(&installation, &["database", "backup"]));
    let file = backup["file"].as_str().unwrap();
    let restore = ["database", "restore", "--file", file, "--replace"];
    ok(&run(&installation, &restore));
    for command in [
        &["events", "verify"][..],
        &["doctor"],
        &["database", "backup"],
    ] {
        ok(&run(&installation, command));
    }
    // The restored log is anchored and protected again.
    in_place(|| installation.serve().stop());
    let pool = PgPool::connect(installation.database_url()).await.unwrap();
    rewrite(&pool, REWRITTEN[0]).await;
    let output = run(&installation, &["events", "verify"]);
    assert_eq!(output.status.code(), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_anchor_forged_without_the_master_key_is_detected() {
    let installation = in_place(stopped_installation);
    let pool = PgPool::connect(installation.database_url()).await.unwrap();
    rewrite(&pool, REWRITTEN[0]).await;
    // Forge anchors that claim a restore.
    sqlx::raw_sql(
        "update log_anchors set restored = true, recorded_at = recorded_at + interval '1 day',
                hash = (select encode(e.hash, 'hex') from events e where e.position = log_anchors.position)",
    )
    .execute(&pool)
    .await
    .unwrap();
    let output = run(&installation, &["events", "verify", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let found: Value = serde_json::from_str(stdout(&output).lines().next().unwrap()).unwrap();
    assert_eq!(found["broken"]["reason"], "foreign");
}
