//! Projects events of users.

use domain::Event;
use domain::personal::ERASED;
use domain::user::{Language, Origin, Preferences, UserEvent};
use eventstore::log::OpenedEvent;
use futures_util::future::BoxFuture;
use sqlx::PgConnection;

use crate::projector::{ApplyError, Projector};

#[derive(Debug)]
pub struct UserProjector;

impl Projector for UserProjector {
    fn name(&self) -> &'static str {
        "users"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> &'static [&'static str] {
        &["view_users", "view_preferences"]
    }

    fn aggregates(&self) -> &'static [&'static str] {
        &["user"]
    }

    fn apply<'a>(
        &'a self,
        connection: &'a mut PgConnection,
        events: &'a [&'a OpenedEvent],
    ) -> BoxFuture<'a, Result<(), ApplyError>> {
        Box::pin(async move {
            for opened in events {
                if let Event::User(event) = &opened.event {
                    apply(connection, opened, event).await?;
                }
            }
            Ok(())
        })
    }
}

async fn apply(
    connection: &mut PgConnection,
    opened: &OpenedEvent,
    event: &UserEvent,
) -> Result<(), sqlx::Error> {
    let id = opened.aggregate_id;
    match event {
        UserEvent::UserRegistered {
            role,
            email,
            display_name,
            origin,
        } => {
            sqlx::query!(
                "insert into view_users (id, version, role, email, display_name, origin, created_at)
                 values ($1, $2, $3, $4, $5, $6, $7)",
                id,
                opened.sequence,
                role.as_str(),
                email.as_ref().map(domain::Personal::text),
                display_name.text(),
                origin_name(*origin),
                opened.recorded_at
            )
            .execute(&mut *connection)
            .await?;
        }
        UserEvent::EmailChanged { email } => {
            sqlx::query!(
                "update view_users set email = $2 where id = $1",
                id,
                email.text()
            )
            .execute(&mut *connection)
            .await?;
        }
        UserEvent::DisplayNameChanged { display_name } => {
            let name = display_name.text();
            sqlx::query!(
                "update view_users set display_name = $2 where id = $1",
                id,
                name
            )
            .execute(&mut *connection)
            .await?;
        }
        UserEvent::RoleChanged { role } => {
            sqlx::query!(
                "update view_users set role = $2 where id = $1",
                id,
                role.as_str()
            )
            .execute(&mut *connection)
            .await?;
        }
        UserEvent::UserSuspended {} => set_suspended(connection, opened, true).await?,
        UserEvent::UserReactivated {} => set_suspended(connection, opened, false).await?,
        UserEvent::UserErased {} => erase(connection, opened).await?,
        UserEvent::PreferencesChanged { preferences } => {
            save_preferences(connection, opened, preferences).await?;
        }
        UserEvent::PasswordChanged {}
        | UserEvent::SessionStarted { .. }
        | UserEvent::SessionEnded { .. } => {}
    }
    sqlx::query!(
        "update view_users set version = $2 where id = $1",
        id,
        opened.sequence
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn set_suspended(
    connection: &mut PgConnection,
    opened: &OpenedEvent,
    suspended: bool,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update view_users set suspended = $2 where id = $1",
        opened.aggregate_id,
        suspended
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes personal data. The id and role stay, and the account is suspended.
async fn erase(connection: &mut PgConnection, opened: &OpenedEvent) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update view_users set email = null, display_name = $2, suspended = true where id = $1",
        opened.aggregate_id,
        ERASED
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "delete from view_preferences where user_id = $1",
        opened.aggregate_id
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn save_preferences(
    connection: &mut PgConnection,
    opened: &OpenedEvent,
    preferences: &Preferences,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into view_preferences (user_id, language, theme, send_on_enter, notify_answers)
         values ($1, $2, $3, $4, $5)
         on conflict (user_id) do update set language = excluded.language, theme = excluded.theme,
             send_on_enter = excluded.send_on_enter, notify_answers = excluded.notify_answers",
        opened.aggregate_id,
        preferences.language.map(Language::as_str),
        preferences.theme.as_str(),
        preferences.send_on_enter,
        preferences.notify_answers
    )
    .execute(connection)
    .await?;
    Ok(())
}

fn origin_name(origin: Origin) -> &'static str {
    match origin {
        Origin::Setup => "setup",
        Origin::Cli => "cli",
        Origin::Admin => "admin",
        Origin::Registration => "registration",
        Origin::Local => "local",
    }
}
