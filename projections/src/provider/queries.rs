//! Queries on providers.

use sqlx::PgPool;
use uuid::Uuid;

use super::{DefaultModel, ModelView, ProviderView};

/// All providers, by name.
pub async fn list(pool: &PgPool) -> Result<Vec<ProviderView>, sqlx::Error> {
    sqlx::query_as!(
        ProviderView,
        "select * from view_providers order by name, id"
    )
    .fetch_all(pool)
    .await
}

pub async fn find(pool: &PgPool, id: Uuid) -> Result<Option<ProviderView>, sqlx::Error> {
    sqlx::query_as!(
        ProviderView,
        "select * from view_providers where id = $1",
        id
    )
    .fetch_optional(pool)
    .await
}

pub async fn by_name(pool: &PgPool, name: &str) -> Result<Option<ProviderView>, sqlx::Error> {
    sqlx::query_as!(
        ProviderView,
        "select * from view_providers where name = $1",
        name
    )
    .fetch_optional(pool)
    .await
}

/// Providers that wait to be checked and that nobody checks.
pub async fn unchecked(pool: &PgPool) -> Result<Vec<ProviderView>, sqlx::Error> {
    sqlx::query_as!(
        ProviderView,
        "select * from view_providers p where pending
           and not exists (select from leases l where l.run = p.id and l.expires_at > clock_timestamp())
         order by updated_at"
    )
    .fetch_all(pool)
    .await
}

/// The models of all providers, in the order in which each has told of them.
pub async fn models(pool: &PgPool) -> Result<Vec<ModelView>, sqlx::Error> {
    sqlx::query_as!(
        ModelView,
        "select p.name as provider, m.model, m.context_window
         from view_models m join view_providers p on p.id = m.provider_id order by p.name, m.place"
    )
    .fetch_all(pool)
    .await
}

/// The model that answers where nobody has named one, and what was chosen.
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

/// Whether a provider has told of a model.
pub async fn has_model(pool: &PgPool, provider: &str, model: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from view_models m join view_providers p on p.id = m.provider_id
                          where p.name = $1 and m.model = $2) as "known!""#,
        provider,
        model
    )
    .fetch_one(pool)
    .await
}
