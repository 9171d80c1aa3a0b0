//! Queries on assistants: a reader sees its own and those for everyone.

use sqlx::PgPool;
use uuid::Uuid;

use super::AssistantView;
use crate::page::Page;

/// One assistant, where the reader may see it.
pub async fn find(
    pool: &PgPool,
    reader: Uuid,
    id: Uuid,
) -> Result<Option<AssistantView>, sqlx::Error> {
    sqlx::query_as!(
        AssistantView,
        "select id, version, owner_id, name, description, instructions, model, temperature, max_output_tokens,
                visibility, status, assistant_version, is_default, created_at, updated_at
         from view_assistants where id = $1 and (owner_id = $2 or visibility = 'everyone')",
        id,
        reader
    )
    .fetch_optional(pool)
    .await
}

/// The assistant that answers where none is chosen.
pub async fn default(pool: &PgPool) -> Result<Option<AssistantView>, sqlx::Error> {
    sqlx::query_as!(
        AssistantView,
        "select id, version, owner_id, name, description, instructions, model, temperature, max_output_tokens,
                visibility, status, assistant_version, is_default, created_at, updated_at
         from view_assistants where is_default"
    )
    .fetch_optional(pool)
    .await
}

/// The assistants that a reader may see, in the order of their making.
pub async fn list(
    pool: &PgPool,
    reader: Uuid,
    after: Option<Uuid>,
    limit: usize,
) -> Result<Page<AssistantView, Uuid>, sqlx::Error> {
    let rows = sqlx::query_as!(
        AssistantView,
        "select id, version, owner_id, name, description, instructions, model, temperature, max_output_tokens,
                visibility, status, assistant_version, is_default, created_at, updated_at
         from view_assistants where id > $2 and (owner_id = $1 or visibility = 'everyone') order by id limit $3",
        reader,
        after.unwrap_or_default(),
        i64::try_from(limit + 1).unwrap_or(i64::MAX)
    )
    .fetch_all(pool)
    .await?;
    Ok(Page::cut(rows, limit, |assistant| assistant.id))
}

/// An assistant for a run, whoever reads it.
pub async fn for_run(pool: &PgPool, id: Uuid) -> Result<Option<AssistantView>, sqlx::Error> {
    sqlx::query_as!(
        AssistantView,
        "select id, version, owner_id, name, description, instructions, model, temperature, max_output_tokens,
                visibility, status, assistant_version, is_default, created_at, updated_at
         from view_assistants where id = $1",
        id
    )
    .fetch_optional(pool)
    .await
}

/// The assistants that nobody but their owner sees.
pub async fn private_of(pool: &PgPool, owner_id: Uuid) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from view_assistants where owner_id = $1 and visibility = 'private' limit 100",
        owner_id
    )
    .fetch_all(pool)
    .await
}

/// How the answers of an assistant went.
#[derive(Debug, Clone, PartialEq)]
pub struct Performance {
    pub responses: i64,
    pub completed: i64,
    pub failed: i64,
    pub interrupted: i64,
    pub cancelled: i64,
    pub median_seconds: Option<f64>,
    pub input_tokens: i64,
    pub output_tokens: i64,
}

/// Counts over all runs of an assistant.
pub async fn performance(pool: &PgPool, id: Uuid) -> Result<Performance, sqlx::Error> {
    sqlx::query_as!(
        Performance,
        r#"select count(*) as "responses!",
                  count(*) filter (where status = 'completed') as "completed!",
                  count(*) filter (where status = 'failed') as "failed!",
                  count(*) filter (where status = 'interrupted') as "interrupted!",
                  count(*) filter (where status = 'cancelled') as "cancelled!",
                  percentile_cont(0.5) within group (order by extract(epoch from ended_at - started_at)::float8)
                      filter (where status = 'completed') as median_seconds,
                  coalesce(sum(input_tokens), 0)::bigint as "input_tokens!",
                  coalesce(sum(output_tokens), 0)::bigint as "output_tokens!"
           from view_responses where assistant_id = $1"#,
        id
    )
    .fetch_one(pool)
    .await
}
