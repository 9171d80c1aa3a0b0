//! Destroying keys: what was sealed under them reads `[erased]` from then on, in the log and in every copy of it.

use sqlx::{PgConnection, PgPool};

/// Destroys the keys of subjects, in the transaction of the event that tells of it. A tombstone stays, so that none
/// ever gets a second key.
pub async fn destroy_keys(
    connection: &mut PgConnection,
    subjects: &[String],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update subject_keys set wrapped = null, destroyed_at = clock_timestamp()
         where subject = any($1) and wrapped is not null",
        subjects
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Gives back every value that an owner had claimed, such as an address.
pub async fn release_claims(connection: &mut PgConnection, owner: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from reservations where owner = $1", owner)
        .execute(connection)
        .await?;
    Ok(())
}

/// The subjects whose keys are destroyed.
pub async fn destroyed(pool: &PgPool) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!("select subject from subject_keys where wrapped is null")
        .fetch_all(pool)
        .await
}
