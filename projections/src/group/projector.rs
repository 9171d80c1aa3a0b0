//! Projects events of groups. An erased user is removed from all groups.

use domain::group::GroupEvent;
use domain::user::UserEvent;
use eventstore::log::OpenedEvent;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::projector::projector;
use crate::statement::{execute, save_version};

projector! {
    GroupProjector { name: "groups", version: 1, tables: ["view_groups", "view_group_members"] }
    GroupEvent => apply,
    UserEvent => apply_user,
}

async fn apply(
    connection: &mut PgConnection,
    opened: &OpenedEvent,
    event: &GroupEvent,
) -> Result<(), sqlx::Error> {
    let id = opened.aggregate_id;
    match event {
        GroupEvent::GroupCreated { details, .. } => execute!(
            connection,
            "insert into view_groups (id, version, name, description, created_at, updated_at)
             values ($1, $2, $3, $4, $5, $5)",
            id,
            opened.sequence,
            details.name.text(),
            details.description.text(),
            opened.recorded_at
        )?,
        GroupEvent::GroupDescribed { details } => execute!(
            connection,
            "update view_groups set name = $2, description = $3 where id = $1",
            id,
            details.name.text(),
            details.description.text()
        )?,
        GroupEvent::MemberAdded { user_id } => execute!(
            connection,
            "insert into view_group_members (group_id, user_id, added_at) values ($1, $2, $3)
             on conflict do nothing",
            id,
            user_id,
            opened.recorded_at
        )?,
        GroupEvent::MemberRemoved { user_id } => execute!(
            connection,
            "delete from view_group_members where group_id = $1 and user_id = $2",
            id,
            user_id
        )?,
        GroupEvent::GroupDeleted {} => delete(connection, id).await?,
    }
    save_version!(connection, "view_groups", opened)
}

async fn delete(connection: &mut PgConnection, id: Uuid) -> Result<(), sqlx::Error> {
    execute!(
        connection,
        "delete from view_group_members where group_id = $1",
        id
    )?;
    execute!(connection, "delete from view_groups where id = $1", id)
}

async fn apply_user(
    connection: &mut PgConnection,
    opened: &OpenedEvent,
    event: &UserEvent,
) -> Result<(), sqlx::Error> {
    match event {
        UserEvent::UserErased {} => execute!(
            connection,
            "delete from view_group_members where user_id = $1",
            opened.aggregate_id
        ),
        UserEvent::UserRegistered { .. }
        | UserEvent::EmailChanged { .. }
        | UserEvent::DisplayNameChanged { .. }
        | UserEvent::PasswordChanged {}
        | UserEvent::PreferencesChanged { .. }
        | UserEvent::RoleChanged { .. }
        | UserEvent::UserSuspended {}
        | UserEvent::UserReactivated {}
        | UserEvent::SessionStarted { .. }
        | UserEvent::SessionEnded { .. } => Ok(()),
    }
}
