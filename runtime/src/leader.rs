//! Leader election by advisory lock: held for as long as the connection lives.

use std::time::Duration;

use sqlx::{PgConnection, PgPool};

/// Publishes the log to NATS.
pub const RELAY: i64 = 4_853_004;
/// Feeds the search engine from the log.
pub const INDEXER: i64 = 4_853_005;
/// Runs periodic jobs such as backups.
pub const SCHEDULER: i64 = 4_853_006;
const ADMIN_CHANGES: i64 = 4_853_007;
/// Pause between attempts while another process leads.
const RETRY_PAUSE: Duration = Duration::from_millis(500);

/// Waits until this process is the leader. Leadership ends with the connection: use it for the work, or check it
/// regularly.
pub async fn acquire_leadership(pool: &PgPool, lock: i64) -> Result<PgConnection, sqlx::Error> {
    let mut connection = pool.acquire().await?.detach();
    while !try_lock(&mut connection, lock).await? {
        tokio::time::sleep(RETRY_PAUSE).await;
    }
    Ok(connection)
}

async fn try_lock(connection: &mut PgConnection, lock: i64) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"select pg_try_advisory_lock($1) as "locked!""#, lock)
        .fetch_one(connection)
        .await
}

/// Takes the lock that a transaction needs to remove an administrator. Returns false, without waiting, if another
/// transaction holds it.
pub async fn try_lock_admin_changes(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select pg_try_advisory_xact_lock($1) as "locked!""#,
        ADMIN_CHANGES
    )
    .fetch_one(connection)
    .await
}
