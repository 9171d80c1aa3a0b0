//! What a backup holds: a table that nobody has thought of would be lost by a restore.

use eventstore::backup::OWN_TABLES;
use projections::backup_tables::{BACKED_UP_TABLES, SESSION_TABLES};

/// Made anew from the log, or of no use elsewhere. Views are told by their names.
const DERIVED: [&str; 7] = [
    "_sqlx_migrations",
    "leases",
    "parked_aggregates",
    "projections",
    "search_checkpoints",
    "search_documents",
    "snapshots",
];
/// Written by the backup itself, in its own form.
const LOG: [&str; 3] = ["events", "log", "subject_keys"];
/// Says what the log of a database was: of no use in another one, where a restore begins it anew.
const OF_THE_DATABASE: [&str; 1] = ["log_anchors"];

#[tokio::test]
async fn every_table_is_kept_by_a_backup_or_made_anew() {
    let pool = testing::database().await;
    let tables: Vec<String> = sqlx::query_scalar(
        "select relname::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let known = |table: &str| {
        table.starts_with("view_")
            || [
                &BACKED_UP_TABLES[..],
                &OWN_TABLES,
                &DERIVED,
                &LOG,
                &OF_THE_DATABASE,
            ]
            .iter()
            .any(|list| list.contains(&table))
    };
    for table in &tables {
        assert!(known(table), "is {table} kept by a backup, or made anew?");
    }
    for table in BACKED_UP_TABLES
        .iter()
        .chain(&OWN_TABLES)
        .chain(&SESSION_TABLES)
    {
        assert!(
            tables.iter().any(|name| name == table),
            "there is no {table}"
        );
    }
}
