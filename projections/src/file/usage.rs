//! How many bytes the files of each user take. An ordinary table, changed in the transactions of the events.

use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::statement::execute;

/// Adds a file to the usage of its owner, unless that exceeds the quota. Returns whether it was added.
pub async fn add(
    connection: &mut PgConnection,
    owner: Uuid,
    bytes: i64,
    quota: i64,
) -> Result<bool, sqlx::Error> {
    let added = sqlx::query!(
        "insert into file_usage (owner_id, bytes) select $1, $2::bigint where $2 <= $3::bigint
         on conflict (owner_id) do update set bytes = file_usage.bytes + excluded.bytes
         where file_usage.bytes + excluded.bytes <= $3",
        owner,
        bytes,
        quota
    )
    .execute(connection)
    .await?;
    Ok(added.rows_affected() == 1)
}

/// Subtracts a file from the usage of its owner.
pub async fn subtract(
    connection: &mut PgConnection,
    owner: Uuid,
    bytes: i64,
) -> Result<(), sqlx::Error> {
    execute!(
        connection,
        "update file_usage set bytes = greatest(bytes - $2, 0) where owner_id = $1",
        owner,
        bytes
    )
}

/// How many bytes the files of an owner take.
pub async fn bytes_used(pool: &PgPool, owner: Uuid) -> Result<i64, sqlx::Error> {
    let bytes = sqlx::query_scalar!("select bytes from file_usage where owner_id = $1", owner)
        .fetch_optional(pool)
        .await?;
    Ok(bytes.unwrap_or(0))
}
