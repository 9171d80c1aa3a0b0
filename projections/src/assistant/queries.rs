//! Queries on assistants. A reader sees its own assistants and those for everyone.

use domain::model::GUIDE;
use sqlx::PgPool;
use uuid::Uuid;

use super::view::{AssistantView, select_assistants};
use crate::counts::to_i64;
use crate::page::Page;

/// Finds an assistant that the reader can see.
pub async fn find(
    pool: &PgPool,
    reader: Uuid,
    id: Uuid,
) -> Result<Option<AssistantView>, sqlx::Error> {
    select_assistants!(
        "from view_assistants where id = $1 and (owner_id = $2 or visibility = 'everyone')",
        id,
        reader
    )
    .fetch_optional(pool)
    .await
}

/// Returns the assistant that answers if none is chosen.
pub async fn default(pool: &PgPool) -> Result<Option<AssistantView>, sqlx::Error> {
    select_assistants!("from view_assistants where is_default")
        .fetch_optional(pool)
        .await
}

/// The assistant and model of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedAssistant {
    pub assistant_id: Uuid,
    pub assistant_version: i32,
    /// Whether the reader can use the assistant now.
    pub usable: bool,
    /// The model of the message; otherwise that of the conversation, the assistant, the operator or the installation.
    pub model: String,
    /// Whether an administrator has disabled the model.
    pub model_disabled: bool,
    /// The context window in tokens, if the provider reports it.
    pub context_window: Option<i32>,
}

/// The assistant and models that a message and the operator choose.
#[derive(Debug, Clone, Copy, Default)]
pub struct AssistantChoice<'a> {
    pub assistant: Option<Uuid>,
    pub model: Option<&'a str>,
    /// The default model in the operator's configuration.
    pub configured_model: Option<&'a str>,
}

/// Resolves the assistant that answers in a conversation of the reader: the chosen one, otherwise that of the
/// conversation. Returns `None` if the reader cannot see the conversation or the assistant.
pub async fn resolve(
    pool: &PgPool,
    reader: Uuid,
    conversation_id: Uuid,
    choice: AssistantChoice<'_>,
) -> Result<Option<ResolvedAssistant>, sqlx::Error> {
    sqlx::query_as!(
        ResolvedAssistant,
        r#"select a.id as assistant_id, a.assistant_version,
                  coalesce(a.owner_id = $2, false) or a.status = 'active' as "usable!",
                  named.model as "model!", m.context_window as "context_window?",
                  coalesce(substr(named.model, strpos(named.model, '/') + 1) = any (p.disabled_models), false)
                      as "model_disabled!"
           from view_conversations c
           join view_assistants a
             on a.id = coalesce($3, c.assistant_id) and (a.owner_id = $2 or a.visibility = 'everyone')
           cross join lateral (select coalesce($4, c.model, a.model, $5, default_model(), $6) as model) named
           left join view_providers p on p.name = split_part(named.model, '/', 1)
           left join view_models m
             on m.provider_id = p.id and m.model = substr(named.model, strpos(named.model, '/') + 1)
           where c.id = $1 and c.owner_id = $2 and not c.erased"#,
        conversation_id,
        reader,
        choice.assistant,
        choice.model,
        choice.configured_model,
        GUIDE
    )
    .fetch_optional(pool)
    .await
}

/// Lists the assistants that a reader can see, in the order of their creation.
pub async fn list(
    pool: &PgPool,
    reader: Uuid,
    after: Option<Uuid>,
    limit: usize,
) -> Result<Page<AssistantView, Uuid>, sqlx::Error> {
    let rows = select_assistants!(
        "from view_assistants where id > $2 and (owner_id = $1 or visibility = 'everyone') order by id limit $3",
        reader,
        after.unwrap_or_default(),
        to_i64(limit + 1)
    )
    .fetch_all(pool)
    .await?;
    Ok(Page::from_rows(rows, limit, |assistant| assistant.id))
}

/// Finds an assistant for a run, without an access check.
pub async fn find_for_run(pool: &PgPool, id: Uuid) -> Result<Option<AssistantView>, sqlx::Error> {
    select_assistants!("from view_assistants where id = $1", id)
        .fetch_optional(pool)
        .await
}

/// Lists up to 100 assistants that only their owner can see.
pub async fn list_private(pool: &PgPool, owner_id: Uuid) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from view_assistants where owner_id = $1 and visibility = 'private' limit 100",
        owner_id
    )
    .fetch_all(pool)
    .await
}

/// Statistics about the answers of an assistant.
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

/// Computes statistics over all runs of an assistant.
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
