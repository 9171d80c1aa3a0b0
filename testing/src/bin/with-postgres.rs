//! Starts the test cluster, runs a command with `DATABASE_URL` set to a migrated database, and stops the cluster.

use std::process::{Command, ExitCode};

use anyhow::Context;
use sqlx::{Connection, PgConnection};
use testing::{connect_options, create_database, open_cluster, url};

fn main() -> anyhow::Result<ExitCode> {
    let mut words = std::env::args_os().skip(1);
    let program = words
        .next()
        .context("usage: with-postgres COMMAND [ARGUMENT]...")?;
    let cluster = open_cluster()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let (database, _in_use) = runtime.block_on(async {
        let mut admin = PgConnection::connect_with(&connect_options(&cluster, "postgres")).await?;
        drop_leftovers(&mut admin).await?;
        // A separate database: the command must not write to the template of the tests.
        let name = create_database(&mut admin, &cluster).await?;
        // This connection keeps other runs from dropping the database.
        let connection = PgConnection::connect_with(&connect_options(&cluster, &name)).await?;
        anyhow::Ok((name, connection))
    })?;
    let status = Command::new(program)
        .args(words)
        .env("DATABASE_URL", url(&cluster, &database))
        .status()?;
    drop(cluster);
    Ok(ExitCode::from(
        u8::try_from(status.code().unwrap_or(1)).unwrap_or(1),
    ))
}

/// Drops the databases of earlier runs, except for those that are in use.
async fn drop_leftovers(admin: &mut PgConnection) -> anyhow::Result<()> {
    let names: Vec<String> = sqlx::query_scalar(
        "select datname::text from pg_database d where datname like 'test\\_%'
         and not exists (select from pg_stat_activity a where a.datname = d.datname)",
    )
    .fetch_all(&mut *admin)
    .await?;
    for name in names {
        // Fails if another run has started to use it.
        let _ = sqlx::query(&format!("drop database if exists {name}"))
            .execute(&mut *admin)
            .await;
    }
    Ok(())
}
