//! Queries on users.

use domain::user::{Language, Preferences, Theme};
use sqlx::PgPool;
use sqlx::types::Text;
use uuid::Uuid;

use super::view::{UserView, select_users};
use crate::counts::to_i64;
use crate::page::Page;

/// Finds a user.
pub async fn find(pool: &PgPool, id: Uuid) -> Result<Option<UserView>, sqlx::Error> {
    select_users!("where id = $1", id)
        .fetch_optional(pool)
        .await
}

/// Lists users in the order of their registration.
pub async fn list(
    pool: &PgPool,
    after: Option<Uuid>,
    limit: usize,
) -> Result<Page<UserView, Uuid>, sqlx::Error> {
    let rows = select_users!(
        "where id > $1 order by id limit $2",
        after.unwrap_or_default(),
        to_i64(limit + 1)
    )
    .fetch_all(pool)
    .await?;
    Ok(Page::from_rows(rows, limit, |user| user.id))
}

/// Returns the preferences of a user, or the defaults.
pub async fn preferences(pool: &PgPool, id: Uuid) -> Result<Preferences, sqlx::Error> {
    let row = sqlx::query!(
        r#"select language as "language: Text<Language>", theme as "theme: Text<Theme>", send_on_enter, notify_answers,
                  default_model, favorite_models
           from view_preferences where user_id = $1"#,
        id
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map_or_else(Preferences::default, |row| Preferences {
        language: row.language.map(|language| language.0),
        theme: row.theme.0,
        send_on_enter: row.send_on_enter,
        notify_answers: row.notify_answers,
        default_model: row.default_model,
        favorite_models: row.favorite_models,
    }))
}

/// Counts the other administrators who are not suspended. The last one can be neither demoted nor suspended.
pub async fn count_other_admins(pool: &PgPool, except: Uuid) -> Result<i64, sqlx::Error> {
    let count = sqlx::query_scalar!(
        "select count(*) from view_users where role = 'admin' and not suspended and id <> $1",
        except
    )
    .fetch_one(pool)
    .await?;
    Ok(count.unwrap_or(0))
}

/// Finds the local user from before setup, who has no address.
pub async fn find_local(pool: &PgPool) -> Result<Option<UserView>, sqlx::Error> {
    select_users!("where origin = 'local' and email is null order by id limit 1")
        .fetch_optional(pool)
        .await
}

/// Finds the user whose address has this keyed digest.
pub async fn find_by_email(pool: &PgPool, mac: &[u8]) -> Result<Option<Uuid>, sqlx::Error> {
    let owner = sqlx::query_scalar!(
        "select owner from reservations where kind = 'email' and mac = $1",
        mac
    )
    .fetch_optional(pool)
    .await?;
    Ok(owner.and_then(|owner| Uuid::parse_str(&owner).ok()))
}
