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
                r.assistant_version, r.model, r.context_window, r.status, r.attempt, r.cancelling, r.finish_reason, r.input_tokens,
                r.output_tokens, r.cost, r.calls::text as calls, r.error_code, r.error_detail, r.requested_at, r.started_at, r.ended_at
         from view_responses r join view_conversations c on c.id = r.conversation_id
         where r.id = $1 and c.owner_id = $2 and not c.erased",
        id,
        reader
    )
    .fetch_optional(pool)
    .await
}

/// Runs of built-in models, or of all others, that wait for a worker: those whose question does not follow an answer
/// that still runs, and that nobody holds. Everybody's oldest comes before anybody's second; those who have enough are
/// left out.
pub async fn list_queued(
    pool: &PgPool,
    built_in: bool,
    sated: &[Uuid],
    limit: i64,
) -> Result<Vec<ResponseView>, sqlx::Error> {
    sqlx::query_as!(
        ResponseView,
        "select r.id, r.conversation_id, r.prompt_message_id, r.message_id, r.requested_by, r.assistant_id,
                r.assistant_version, r.model, r.context_window, r.status, r.attempt, r.cancelling, r.finish_reason, r.input_tokens,
                r.output_tokens, r.cost, r.calls::text as calls, r.error_code, r.error_detail, r.requested_at, r.started_at, r.ended_at
         from (select q.*, row_number() over (partition by q.requested_by order by q.requested_at, q.id) as turn
               from view_responses q
               where q.ended_at is null and q.status = 'queued' and starts_with(q.model, 'builtin/') = $1
                 and q.requested_by <> all($2)) r
         where not exists (select from leases l where l.run = r.id and l.expires_at > clock_timestamp())
           and not exists (
               select from view_messages question
               join view_responses above on above.message_id = question.parent_id
               where question.id = r.prompt_message_id and above.ended_at is null)
         order by r.turn, r.requested_at limit $3",
        built_in,
        sated,
        limit
    )
    .fetch_all(pool)
    .await
}

/// Runs that were begun and that nobody holds: their worker died.
pub async fn list_orphaned(pool: &PgPool) -> Result<Vec<ResponseView>, sqlx::Error> {
    sqlx::query_as!(
        ResponseView,
        "select r.id, r.conversation_id, r.prompt_message_id, r.message_id, r.requested_by, r.assistant_id,
                r.assistant_version, r.model, r.context_window, r.status, r.attempt, r.cancelling, r.finish_reason, r.input_tokens,
                r.output_tokens, r.cost, r.calls::text as calls, r.error_code, r.error_detail, r.requested_at, r.started_at, r.ended_at
         from view_responses r
         where r.ended_at is null and r.status = 'running'
           and not exists (select from leases l where l.run = r.id and l.expires_at > clock_timestamp())
         order by r.requested_at limit 100"
    )
    .fetch_all(pool)
    .await
}

/// Which of some runs are to end: somebody asked for it, their person was suspended, or the conversation was erased.
pub async fn filter_stop_requested(pool: &PgPool, runs: &[Uuid]) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select r.id from view_responses r
         left join view_conversations c on c.id = r.conversation_id
         left join view_users u on u.id = r.requested_by
         where r.id = any($1) and (r.cancelling or coalesce(c.erased, false) or coalesce(u.suspended, false))",
        runs
    )
    .fetch_all(pool)
    .await
}
