//! Who works on which run: rows with an expiry by the database's clock.

use sqlx::PgPool;
use uuid::Uuid;

/// How often an owner renews its leases.
pub const BEAT: std::time::Duration = std::time::Duration::from_secs(3);

/// Takes the lease of a run, where nobody holds it or its holder has let it expire.
pub async fn take(pool: &PgPool, run: Uuid, owner: &str) -> Result<bool, sqlx::Error> {
    let taken = sqlx::query!(
        "insert into leases (run, owner, expires_at) values ($1, $2, clock_timestamp() + interval '10 seconds')
         on conflict (run) do update set owner = excluded.owner, expires_at = excluded.expires_at
         where leases.expires_at < clock_timestamp()",
        run,
        owner
    )
    .execute(pool)
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// Renews all leases of an owner.
pub async fn renew(pool: &PgPool, owner: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update leases set expires_at = clock_timestamp() + interval '10 seconds' where owner = $1",
        owner
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Lets a lease go.
pub async fn release(pool: &PgPool, run: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from leases where run = $1", run)
        .execute(pool)
        .await?;
    Ok(())
}

/// Lets everything go that an owner held: it has just started, so its former self is gone.
pub async fn release_all(pool: &PgPool, owner: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from leases where owner = $1", owner)
        .execute(pool)
        .await?;
    Ok(())
}
