//! Queries on runs.

use sqlx::PgPool;
use uuid::Uuid;

use super::ResponseView;

/// One run, where it is in a conversation of the reader's.
pub async fn find(
    pool: &PgPool,
    reader: Uuid,
    id: Uuid,
) -> Result<Option<ResponseView>, sqlx::Error> {
    sqlx::query_as!(
        ResponseView,
        "select r.id, r.conversation_id, r.prompt_message_id, r.message_id, r.requested_by, r.assistant_id,
                r.assistant_version, r.model, r.status, r.attempt, r.cancelling, r.finish_reason, r.input_tokens,
                r.output_tokens, r.cost, r.calls::text as calls, r.error_code, r.error_detail, r.requested_at, r.started_at, r.ended_at
         from view_responses r join view_conversations c on c.id = r.conversation_id
         where r.id = $1 and c.owner_id = $2 and not c.erased",
        id,
        reader
    )
    .fetch_optional(pool)
    .await
}

/// Runs that wait for a worker, the oldest first: those whose question does not stand below an answer that still runs,
/// and that nobody holds.
pub async fn waiting(pool: &PgPool, limit: i64) -> Result<Vec<ResponseView>, sqlx::Error> {
    sqlx::query_as!(
        ResponseView,
        "select r.id, r.conversation_id, r.prompt_message_id, r.message_id, r.requested_by, r.assistant_id,
                r.assistant_version, r.model, r.status, r.attempt, r.cancelling, r.finish_reason, r.input_tokens,
                r.output_tokens, r.cost, r.calls::text as calls, r.error_code, r.error_detail, r.requested_at, r.started_at, r.ended_at
         from view_responses r
         where r.ended_at is null and r.status = 'queued'
           and not exists (select from leases l where l.run = r.id and l.expires_at > clock_timestamp())
           and not exists (
               select from view_messages question
               join view_responses above on above.message_id = question.parent_id
               where question.id = r.prompt_message_id and above.ended_at is null)
         order by r.requested_at limit $1",
        limit
    )
    .fetch_all(pool)
    .await
}

/// Runs that were begun and that nobody holds: their worker died.
pub async fn orphaned(pool: &PgPool) -> Result<Vec<ResponseView>, sqlx::Error> {
    sqlx::query_as!(
        ResponseView,
        "select r.id, r.conversation_id, r.prompt_message_id, r.message_id, r.requested_by, r.assistant_id,
                r.assistant_version, r.model, r.status, r.attempt, r.cancelling, r.finish_reason, r.input_tokens,
                r.output_tokens, r.cost, r.calls::text as calls, r.error_code, r.error_detail, r.requested_at, r.started_at, r.ended_at
         from view_responses r
         where r.ended_at is null and r.status = 'running'
           and not exists (select from leases l where l.run = r.id and l.expires_at > clock_timestamp())
         order by r.requested_at limit 100"
    )
    .fetch_all(pool)
    .await
}

/// Whether somebody asked a run to end.
pub async fn is_cancelling(pool: &PgPool, id: Uuid) -> Result<bool, sqlx::Error> {
    let row = sqlx::query_scalar!("select cancelling from view_responses where id = $1", id)
        .fetch_optional(pool)
        .await?;
    Ok(row.unwrap_or(false))
}
