//! Queries on runs.

use sqlx::PgPool;
use uuid::Uuid;

use super::view::{ResponseView, select_responses};

/// Finds a run in a conversation of the reader.
pub async fn find(
    pool: &PgPool,
    reader: Uuid,
    id: Uuid,
) -> Result<Option<ResponseView>, sqlx::Error> {
    select_responses!(
        "from view_responses r join view_conversations c on c.id = r.conversation_id
         where r.id = $1 and c.owner_id = $2 and not c.erased",
        id,
        reader
    )
    .fetch_optional(pool)
    .await
}

/// Lists queued runs, either of built-in models or of all others, that no worker holds and whose question does not follow
/// an answer in progress. The oldest run of every user comes before the second of any; `excluded_users` have reached
/// their limit.
pub async fn list_queued(
    pool: &PgPool,
    built_in: bool,
    excluded_users: &[Uuid],
    limit: i64,
) -> Result<Vec<ResponseView>, sqlx::Error> {
    select_responses!(
        "from (select q.*, row_number() over (partition by q.requested_by order by q.requested_at, q.id) as turn
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
        excluded_users,
        limit
    )
    .fetch_all(pool)
    .await
}

/// Lists up to 100 running runs that no worker holds, because it died.
pub async fn list_orphaned(pool: &PgPool) -> Result<Vec<ResponseView>, sqlx::Error> {
    select_responses!(
        "from view_responses r
         where r.ended_at is null and r.status = 'running'
           and not exists (select from leases l where l.run = r.id and l.expires_at > clock_timestamp())
         order by r.requested_at limit 100"
    )
    .fetch_all(pool)
    .await
}

/// Returns the runs that must stop: cancelled, of a suspended user, or of an erased conversation.
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
