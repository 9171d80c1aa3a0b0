//! Queries on people.

use domain::user::{Language, Preferences, Theme};
use sqlx::PgPool;
use uuid::Uuid;

use super::UserView;
use crate::page::Page;

/// One person.
pub async fn find(pool: &PgPool, id: Uuid) -> Result<Option<UserView>, sqlx::Error> {
    sqlx::query_as!(
        UserView,
        "select id, version, role, email, display_name, origin, suspended, created_at from view_users where id = $1",
        id
    )
    .fetch_optional(pool)
    .await
}

/// People in the order of their ids, which is that of their registration.
pub async fn list(
    pool: &PgPool,
    after: Option<Uuid>,
    limit: usize,
) -> Result<Page<UserView, Uuid>, sqlx::Error> {
    let rows = sqlx::query_as!(
        UserView,
        "select id, version, role, email, display_name, origin, suspended, created_at from view_users
         where id > $1 order by id limit $2",
        after.unwrap_or_default(),
        i64::try_from(limit + 1).unwrap_or(i64::MAX)
    )
    .fetch_all(pool)
    .await?;
    Ok(Page::from_rows(rows, limit, |user| user.id))
}

/// How a person wants to be served; as everybody who never said so.
pub async fn preferences(pool: &PgPool, id: Uuid) -> Result<Preferences, sqlx::Error> {
    let row = sqlx::query!(
        "select language, theme, send_on_enter, notify_answers from view_preferences where user_id = $1",
        id
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map_or_else(Preferences::default, |row| Preferences {
        language: row.language.as_deref().and_then(Language::parse),
        // The projector writes only names of themes.
        theme: Theme::parse(&row.theme).unwrap_or(Theme::System),
        send_on_enter: row.send_on_enter,
        notify_answers: row.notify_answers,
    }))
}

/// Administrators who are not suspended, except one: the last may be neither demoted nor suspended.
pub async fn count_other_admins(pool: &PgPool, except: Uuid) -> Result<i64, sqlx::Error> {
    let count = sqlx::query_scalar!(
        "select count(*) from view_users where role = 'admin' and not suspended and id <> $1",
        except
    )
    .fetch_one(pool)
    .await?;
    Ok(count.unwrap_or(0))
}

/// The local user before set-up, who has no address.
pub async fn find_local(pool: &PgPool) -> Result<Option<UserView>, sqlx::Error> {
    sqlx::query_as!(
        UserView,
        "select id, version, role, email, display_name, origin, suspended, created_at from view_users
         where origin = 'local' and email is null order by id limit 1"
    )
    .fetch_optional(pool)
    .await
}

/// The person whose address has this keyed digest.
pub async fn find_by_email(pool: &PgPool, mac: &[u8]) -> Result<Option<Uuid>, sqlx::Error> {
    let owner = sqlx::query_scalar!(
        "select owner from reservations where kind = 'email' and mac = $1",
        mac
    )
    .fetch_optional(pool)
    .await?;
    Ok(owner.and_then(|owner| Uuid::parse_str(&owner).ok()))
}
