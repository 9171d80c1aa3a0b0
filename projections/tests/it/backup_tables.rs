//! Every table must be part of a backup or derived from it; otherwise a restore would lose its rows.

use eventstore::backup::OWN_TABLES;
use projections::backup_tables::{BACKED_UP_TABLES, SESSION_TABLES};

/// Tables that are rebuilt from the log or useless elsewhere. Views are recognised by their names.
const DERIVED_TABLES: [&str; 7] = [
    "_sqlx_migrations",
    "leases",
    "parked_aggregates",
    "projections",
    "search_checkpoints",
    "search_documents",
    "snapshots",
];
/// Tables that the backup writes in its own format.
const LOG_TABLES: [&str; 3] = ["events", "log", "subject_keys"];
/// Tables about the log of one database. Useless in another one, where a restore creates them again.
const DATABASE_TABLES: [&str; 1] = ["log_anchors"];

#[tokio::test]
async fn every_table_is_backed_up_or_derived() {
    let pool = testing::database().await;
    let tables: Vec<String> = sqlx::query_scalar(
        "select relname::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let is_listed = |table: &str| {
        table.starts_with("view_")
            || [
                &BACKED_UP_TABLES[..],
                &OWN_TABLES,
                &DERIVED_TABLES,
                &LOG_TABLES,
                &DATABASE_TABLES,
            ]
            .iter()
            .any(|list| list.contains(&table))
    };
    for table in &tables {
        assert!(
            is_listed(table),
            "add {table} to the backed-up or the derived tables"
        );
    }
    for table in BACKED_UP_TABLES
        .iter()
        .chain(&OWN_TABLES)
        .chain(&SESSION_TABLES)
    {
        assert!(
            tables.iter().any(|name| name == table),
            "{table} does not exist"
        );
    }
}
