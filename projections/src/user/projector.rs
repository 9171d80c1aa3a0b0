//! Projects events of users.

use domain::personal::ERASED;
use domain::user::{Language, Preferences, UserEvent};
use eventstore::log::OpenedEvent;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::projector::projector;
use crate::statement::execute;

projector! {
    UserProjector { name: "users", version: 1, tables: ["view_users", "view_preferences"] }
    UserEvent => apply,
}

async fn apply(
    connection: &mut PgConnection,
    opened: &OpenedEvent,
    event: &UserEvent,
) -> Result<(), sqlx::Error> {
    let id = opened.aggregate_id;
    match event {
        UserEvent::UserRegistered { .. } => register(connection, opened, event).await?,
        UserEvent::EmailChanged { email } => execute!(
            connection,
            "update view_users set email = $2 where id = $1",
            id,
            email.text()
        )?,
        UserEvent::DisplayNameChanged { display_name } => execute!(
            connection,
            "update view_users set display_name = $2 where id = $1",
            id,
            display_name.text()
        )?,
        UserEvent::RoleChanged { role } => execute!(
            connection,
            "update view_users set role = $2 where id = $1",
            id,
            role.into_str()
        )?,
        UserEvent::UserSuspended {} => set_suspended(connection, id, true).await?,
        UserEvent::UserReactivated {} => set_suspended(connection, id, false).await?,
        UserEvent::UserErased {} => erase(connection, id).await?,
        UserEvent::PreferencesChanged { preferences } => {
            save_preferences(connection, id, preferences).await?;
        }
        UserEvent::PasswordChanged {}
        | UserEvent::SessionStarted { .. }
        | UserEvent::SessionEnded { .. } => {}
    }
    execute!(
        connection,
        "update view_users set version = $2 where id = $1",
        id,
        opened.sequence
    )
}

async fn register(
    connection: &mut PgConnection,
    opened: &OpenedEvent,
    event: &UserEvent,
) -> Result<(), sqlx::Error> {
    let UserEvent::UserRegistered {
        role,
        email,
        display_name,
        origin,
    } = event
    else {
        return Ok(());
    };
    execute!(
        connection,
        "insert into view_users (id, version, role, email, display_name, origin, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        opened.aggregate_id,
        opened.sequence,
        role.into_str(),
        email.as_ref().map(domain::Personal::text),
        display_name.text(),
        origin.into_str(),
        opened.recorded_at
    )
}

async fn set_suspended(
    connection: &mut PgConnection,
    id: Uuid,
    suspended: bool,
) -> Result<(), sqlx::Error> {
    execute!(
        connection,
        "update view_users set suspended = $2 where id = $1",
        id,
        suspended
    )
}

/// Removes personal data. The id and role stay, and the account is suspended.
async fn erase(connection: &mut PgConnection, id: Uuid) -> Result<(), sqlx::Error> {
    execute!(
        connection,
        "update view_users set email = null, display_name = $2, suspended = true where id = $1",
        id,
        ERASED
    )?;
    execute!(
        connection,
        "delete from view_preferences where user_id = $1",
        id
    )
}

async fn save_preferences(
    connection: &mut PgConnection,
    id: Uuid,
    preferences: &Preferences,
) -> Result<(), sqlx::Error> {
    execute!(
        connection,
        "insert into view_preferences (user_id, language, theme, send_on_enter, notify_answers, default_model,
                                       favorite_models)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (user_id) do update set language = excluded.language, theme = excluded.theme,
             send_on_enter = excluded.send_on_enter, notify_answers = excluded.notify_answers,
             default_model = excluded.default_model, favorite_models = excluded.favorite_models",
        id,
        preferences.language.as_ref().map(Language::into_str),
        preferences.theme.into_str(),
        preferences.send_on_enter,
        preferences.notify_answers,
        preferences.default_model.as_deref(),
        &preferences.favorite_models
    )
}
