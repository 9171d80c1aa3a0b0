//! One process of many does a thing: the one that holds an advisory lock, for as long as its connection lives.

use std::time::Duration;

use sqlx::{PgConnection, PgPool};

/// Publishes the log to NATS.
pub const RELAY: i64 = 4_853_004;
/// Keeps the search engine up with the log.
pub const INDEXER: i64 = 4_853_005;
/// Looks after what is to be done again and again, such as backups.
pub const SCHEDULER: i64 = 4_853_006;
const ADMINS: i64 = 4_853_007;
/// How often it is tried again while another process leads.
const PAUSE: Duration = Duration::from_millis(500);

/// Waits until this process leads. The lead ends with the connection: work through it, or ask it now and then.
pub async fn lead(pool: &PgPool, lock: i64) -> Result<PgConnection, sqlx::Error> {
    let mut connection = pool.acquire().await?.detach();
    while !try_lock(&mut connection, lock).await? {
        tokio::time::sleep(PAUSE).await;
    }
    Ok(connection)
}

async fn try_lock(connection: &mut PgConnection, lock: i64) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"select pg_try_advisory_lock($1) as "locked!""#, lock)
        .fetch_one(connection)
        .await
}

/// Whether this transaction may take an administrator away: until it ends, no other one of the installation may. It
/// never waits.
pub async fn try_lock_admins(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select pg_try_advisory_xact_lock($1) as "locked!""#,
        ADMINS
    )
    .fetch_one(connection)
    .await
}
