//! Queries on providers.

use sqlx::PgPool;
use uuid::Uuid;

use super::view::{DefaultModel, ModelView, ProviderView, select_providers};

/// Lists all providers, ordered by name.
pub async fn list(pool: &PgPool) -> Result<Vec<ProviderView>, sqlx::Error> {
    select_providers!("order by name, id").fetch_all(pool).await
}

pub async fn find(pool: &PgPool, id: Uuid) -> Result<Option<ProviderView>, sqlx::Error> {
    select_providers!("where id = $1", id)
        .fetch_optional(pool)
        .await
}

pub async fn find_by_name(pool: &PgPool, name: &str) -> Result<Option<ProviderView>, sqlx::Error> {
    select_providers!("where name = $1", name)
        .fetch_optional(pool)
        .await
}

/// Lists providers with a pending check that no worker holds.
pub async fn list_unchecked(pool: &PgPool) -> Result<Vec<ProviderView>, sqlx::Error> {
    select_providers!(
        "where pending
           and not exists (select from leases l where l.run = p.id and l.expires_at > clock_timestamp())
         order by updated_at"
    )
    .fetch_all(pool)
    .await
}

/// Returns the models of all providers: those that a provider lists, in its order, then further ones that an
/// administrator has named.
pub async fn models(pool: &PgPool) -> Result<Vec<ModelView>, sqlx::Error> {
    sqlx::query_as!(
        ModelView,
        r#"select p.name as provider, m.model as "model!", m.context_window, m.max_output_tokens, m.vision,
                  m.reasoning, m.embedding, m.model <> all (p.disabled_models) as "enabled!"
           from view_providers p cross join lateral (
               select model, context_window, max_output_tokens, vision, reasoning, embedding,
                      place::bigint as place
               from view_models where provider_id = p.id
               union all
               select named, null, null, null, null, null, 1000000 + place
               from unnest(p.named_models) with ordinality as names (named, place)
               where not exists (select from view_models v where v.provider_id = p.id and v.model = named)
           ) m
           order by p.name, m.place"#
    )
    .fetch_all(pool)
    .await
}

/// Returns the default model, and the chosen one.
pub async fn default_model(pool: &PgPool) -> Result<DefaultModel, sqlx::Error> {
    sqlx::query_as!(
        DefaultModel,
        r#"select default_model() as model, d.model as chosen, coalesce(d.automatic, true) as "automatic!",
                  coalesce(d.version, 0) as "version!"
           from (select) as one left join view_default_model d on true"#
    )
    .fetch_one(pool)
    .await
}

/// Returns a model of a provider; `None` if the provider does not list it and no administrator has named it.
pub async fn model(
    pool: &PgPool,
    provider: &str,
    model: &str,
) -> Result<Option<ModelView>, sqlx::Error> {
    sqlx::query_as!(
        ModelView,
        r#"select p.name as provider, $2 as "model!", m.context_window, m.max_output_tokens, m.vision,
                  m.reasoning, m.embedding, $2 <> all (p.disabled_models) as "enabled!"
           from view_providers p left join view_models m on m.provider_id = p.id and m.model = $2
           where p.name = $1 and (m.model is not null or $2 = any (p.named_models))"#,
        provider,
        model
    )
    .fetch_optional(pool)
    .await
}
