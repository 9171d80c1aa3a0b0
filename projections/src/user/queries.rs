//! Queries on users.

use chrono::{DateTime, Utc};
use domain::user::{Language, Preferences, Theme};
use sqlx::PgPool;
use sqlx::types::Text;
use uuid::Uuid;

use super::view::{UserView, select_users};
use crate::counts::to_i64;
use crate::page::Page;
use crate::statement::contains_pattern;

/// Finds a user.
pub async fn find(pool: &PgPool, id: Uuid) -> Result<Option<UserView>, sqlx::Error> {
    select_users!("where id = $1", id)
        .fetch_optional(pool)
        .await
}

/// The order of a list of users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UserOrder {
    /// In the order of their registration.
    #[default]
    CreatedAt,
    /// By display name.
    Name,
    /// Those who were active last come first.
    LastActiveAt,
}

/// The key of the user after which a page starts.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct UserKey {
    pub id: Uuid,
    pub display_name: String,
    pub last_active_at: Option<DateTime<Utc>>,
}

/// Lists users, optionally only those whose name or address contains a text.
pub async fn list(
    pool: &PgPool,
    (order, text): (UserOrder, Option<&str>),
    after: Option<&UserKey>,
    limit: usize,
) -> Result<Page<UserView, UserKey>, sqlx::Error> {
    let pattern = text.map(contains_pattern);
    let (id, limit_rows) = (after.map(|key| key.id), to_i64(limit + 1));
    let rows = match order {
        UserOrder::CreatedAt => {
            select_users!(
                "where ($1::text is null or display_name ilike $1 or email ilike $1)
                   and ($2::uuid is null or id > $2)
                 order by id limit $3",
                pattern,
                id,
                limit_rows
            )
            .fetch_all(pool)
            .await?
        }
        UserOrder::Name => {
            select_users!(
                "where ($1::text is null or display_name ilike $1 or email ilike $1)
                   and ($2::uuid is null or (lower(display_name), id) > (lower($3), $2))
                 order by lower(display_name), id limit $4",
                pattern,
                id,
                after.map_or("", |key| &key.display_name),
                limit_rows
            )
            .fetch_all(pool)
            .await?
        }
        UserOrder::LastActiveAt => {
            select_users!(
                "where ($1::text is null or display_name ilike $1 or email ilike $1)
                   and ($2::uuid is null or (coalesce(last_active_at(id), 'epoch'), id) < (coalesce($3::timestamptz, 'epoch'), $2))
                 order by coalesce(last_active_at(id), 'epoch') desc, id desc limit $4",
                pattern,
                id,
                after.and_then(|key| key.last_active_at),
                limit_rows
            )
            .fetch_all(pool)
            .await?
        }
    };
    Ok(Page::from_rows(rows, limit, |user| UserKey {
        id: user.id,
        display_name: user.display_name.clone(),
        last_active_at: user.last_active_at,
    }))
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
