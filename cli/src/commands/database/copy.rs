//! Moving an installation to another database, such as from the private one to an external one.

use eventstore::backup::copy_to;
use eventstore::chain::hex;
use projections::kept::KEPT_TABLES;
use serde_json::json;
use sqlx::postgres::PgPoolOptions;

use super::backup::show;
use super::refused;
use super::restore::finish;
use crate::commands::serve::lock_all;
use crate::config::Settings;
use crate::failure::Failure;
use crate::installation::Installation;
use crate::output;
use crate::schema::migrate;

pub async fn run(settings: Settings, to: &str, json: bool) -> Result<(), Failure> {
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

    output::talk("making the views there");
    let there = Settings {
        database_url: Some(to.to_owned()),
        ..settings
    };
    let target = Installation::open(there).await?;
    let result = finish(&target).await;
    let log_id = target.log.id;
    target.close().await;
    result?;
    let told = json!({"log_id": log_id, "position": position, "hash": hex(&hash)});
    show(&told, json);
    output::talk(
        "copied; set database.url (DATABASE_URL) to it from now on. The master key and the files stay where they are",
    );
    Ok(())
}

/// The last position and its hash, which are those of the source.
async fn copy(source: &Installation, to: &str) -> Result<(i64, Vec<u8>), Failure> {
    let target = PgPoolOptions::new().max_connections(2).connect(to).await;
    let target = target
        .map_err(|error| Failure::Usage(format!("--to: the database is not reached: {error}")))?;
    migrate(&target).await?;
    output::talk("copying; until it is done, nothing is there");
    let from = (&source.pool, source.log, &source.master);
    let copied = copy_to(from, &KEPT_TABLES, &target);
    let (transaction, _) = copied.await.map_err(refused)?;
    transaction.commit().await?;
    let here = source.log.head(&source.pool).await?;
    let there = source.log.head(&target).await?;
    target.close().await;
    if here == there {
        return Ok(there);
    }
    Err(Failure::failed(std::io::Error::other(format!(
        "the copy ends at position {} and the log at {}: something was written meanwhile; empty the database and \
         copy again",
        there.0, here.0
    ))))
}
