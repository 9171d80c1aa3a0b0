//! How many bytes the files of each person take. An ordinary table, changed with the events.

use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// Adds a file to what its owner uses, unless that passes the quota; tells whether it was added.
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

/// Takes a file from it.
pub async fn subtract(
    connection: &mut PgConnection,
    owner: Uuid,
    bytes: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update file_usage set bytes = greatest(bytes - $2, 0) where owner_id = $1",
        owner,
        bytes
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What an owner's files take.
pub async fn bytes_used(pool: &PgPool, owner: Uuid) -> Result<i64, sqlx::Error> {
    let bytes = sqlx::query_scalar!("select bytes from file_usage where owner_id = $1", owner)
        .fetch_optional(pool)
        .await?;
    Ok(bytes.unwrap_or(0))
}
