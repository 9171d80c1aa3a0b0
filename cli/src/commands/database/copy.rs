//! `convosphere database copy`, for example from the private database to an external one.

use clap::Args;
use eventstore::backup::copy_to;
use projections::backup_tables::BACKED_UP_TABLES;
use serde_json::json;
use sqlx::postgres::PgPoolOptions;

use super::restore::finish;
use super::{backup_failure, show};
use crate::config::Settings;
use crate::failure::Failure;
use crate::flags::COPY_TO;
use crate::installation::Installation;
use crate::output;
use crate::role_locks::lock_all;
use crate::schema::migrate;

/// Copies the installation to an empty database, with the same positions and hashes.
#[derive(Debug, Args)]
pub struct Copy {
    /// The URL of the target, such as <postgres://convosphere@db.example.org/convosphere>; `-` reads it from standard
    /// input. If it contains a password, prefer the environment, so that it does not appear in process lists.
    #[arg(long, value_name = "URL", env = COPY_TO, hide_env_values = true)]
    to: String,
}

impl Copy {
    pub async fn run(self, settings: Settings, json: bool) -> Result<(), Failure> {
        run(settings, &self.to, json).await
    }
}

async fn run(settings: Settings, to: &str, json: bool) -> Result<(), Failure> {
    let to = match to {
        "-" => std::io::read_to_string(std::io::stdin())?,
        to => to.to_owned(),
    };
    let to = to.trim();
    let _locks = lock_all(&settings.data_dir)?;
    let source = Installation::open(settings.clone()).await?;
    let copied = copy(&source, to).await;
    source.close().await;
    let (position, hash) = copied?;

    output::print_message("building the read models in the target database");
    let target_settings = Settings {
        database_url: Some(to.to_owned()),
        ..settings
    };
    let target = Installation::open(target_settings).await?;
    let result = finish(&target).await;
    let log_id = target.log.id;
    target.close().await;
    result?;
    let result = json!({"log_id": log_id, "position": position, "hash": hex::encode(&hash)});
    show(&result, json);
    output::print_message(
        "copied; set database.url (DATABASE_URL) to the new database. The master key and the files stay where they are",
    );
    Ok(())
}

/// Returns the last position and its hash, which are the same in both databases.
async fn copy(source: &Installation, to: &str) -> Result<(i64, Vec<u8>), Failure> {
    let target = PgPoolOptions::new().max_connections(2).connect(to).await;
    let target = target
        .map_err(|error| Failure::Usage(format!("--to: cannot reach the database: {error}")))?;
    migrate(&target).await?;
    output::print_message("copying; the target stays empty until the copy is complete");
    let from = (&source.pool, source.log, &source.master);
    let copied = copy_to(from, &BACKED_UP_TABLES, &target);
    let (transaction, _) = copied.await.map_err(backup_failure)?;
    transaction.commit().await?;
    let source_head = source.log.head(&source.pool).await?;
    let target_head = source.log.head(&target).await?;
    target.close().await;
    if source_head == target_head {
        return Ok(target_head);
    }
    Err(Failure::failed(std::io::Error::other(format!(
        "the copy ends at position {} but the log ends at {}: it was written to during the copy; empty the target \
         database and copy again",
        target_head.0, source_head.0
    ))))
}
