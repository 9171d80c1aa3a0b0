//! Finds the first response to a repeated request.

use sqlx::PgPool;
use uuid::Uuid;

/// The idempotency key of a request and its target.
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
pub struct RecordedCommand {
    pub body_mac: Vec<u8>,
    pub command_id: Uuid,
    pub position: i64,
}

/// The command recorded under a key within the last 24 hours.
pub async fn find(
    pool: &PgPool,
    key: &Idempotency,
) -> Result<Option<RecordedCommand>, sqlx::Error> {
    sqlx::query_as!(
        RecordedCommand,
        "select body_mac, command_id, position from idempotency_keys
         where principal = $1 and operation = $2 and key = $3 and created_at >= clock_timestamp() - interval '24 hours'",
        key.principal,
        key.operation,
        key.key
    )
    .fetch_optional(pool)
    .await
}

/// Deletes keys older than a day.
pub async fn prune(pool: &PgPool) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from idempotency_keys where created_at < clock_timestamp() - interval '24 hours'"
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Identifies a request: a second one with the same key waits for the first.
pub(crate) type RequestKey = (String, String, String);

impl Idempotency {
    pub(crate) fn request_key(&self) -> RequestKey {
        (
            self.principal.clone(),
            self.operation.clone(),
            self.key.clone(),
        )
    }
}
