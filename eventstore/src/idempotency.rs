//! Finding the first answer to a repeated request.

use sqlx::PgPool;
use uuid::Uuid;

/// The header of a request, with what it was sent to.
#[derive(Debug, Clone)]
pub struct Idempotency {
    pub principal: String,
    pub operation: String,
    pub key: String,
    /// The request's body: another one under the same key is refused.
    pub body: Vec<u8>,
}

/// A command that was recorded under a key.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub body_mac: Vec<u8>,
    pub command_id: Uuid,
    pub position: i64,
}

/// The command recorded under a key within the last 24 hours.
pub async fn find(pool: &PgPool, key: &Idempotency) -> Result<Option<Recorded>, sqlx::Error> {
    sqlx::query_as!(
        Recorded,
        "select body_mac, command_id, position from idempotency_keys
         where principal = $1 and operation = $2 and key = $3 and created_at >= clock_timestamp() - interval '24 hours'",
        key.principal,
        key.operation,
        key.key
    )
    .fetch_optional(pool)
    .await
}

/// Forgets keys older than a day.
pub async fn prune(pool: &PgPool) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from idempotency_keys where created_at < clock_timestamp() - interval '24 hours'"
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// What turns are taken by: a second request with the same key waits for the first.
pub(crate) type Name = (String, String, String);

impl Idempotency {
    pub(crate) fn name(&self) -> Name {
        (
            self.principal.clone(),
            self.operation.clone(),
            self.key.clone(),
        )
    }
}
