//! How far the index of an engine is, and waiting until it holds what somebody has written.

use std::time::Duration;

use sqlx::PgPool;
use tokio::time::Instant;

use super::terms::VERSION;

/// How often the checkpoint is read while it is waited for.
const POLL: Duration = Duration::from_millis(10);

/// Position and hash that an engine's index has reached. One of terms that are split otherwise now is nowhere.
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

/// Waits until an index has reached a position, at most for the given time; tells how far it is.
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
        tokio::time::sleep(POLL).await;
    }
}
