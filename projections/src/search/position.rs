//! The position of an engine's index in the log, and waiting until it includes somebody's writes.

use std::time::Duration;

use sqlx::PgPool;
use tokio::time::Instant;

use super::terms::VERSION;

/// How often the checkpoint is read while waiting.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// The position and hash that an engine's index has reached; 0 if its terms come from another version of the splitter.
pub async fn checkpoint(pool: &PgPool, engine: &str) -> Result<(i64, Vec<u8>), sqlx::Error> {
    let row = sqlx::query!(
        "select position, hash from search_checkpoints where engine = $1 and version = $2",
        engine,
        VERSION
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map_or((0, vec![]), |row| (row.position, row.hash)))
}

pub async fn save_checkpoint(
    pool: &PgPool,
    engine: &str,
    position: i64,
    hash: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into search_checkpoints (engine, position, hash, version) values ($1, $2, $3, $4)
         on conflict (engine) do update set position = excluded.position, hash = excluded.hash,
                                            version = excluded.version",
        engine,
        position,
        hash,
        VERSION
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Waits until an index has reached a position, or the limit has passed. Returns its position.
pub async fn wait_for(
    pool: &PgPool,
    engine: &str,
    position: i64,
    limit: Duration,
) -> Result<i64, sqlx::Error> {
    let deadline = Instant::now() + limit;
    loop {
        let (reached, _) = checkpoint(pool, engine).await?;
        if reached >= position || Instant::now() >= deadline {
            return Ok(reached);
        }
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}
