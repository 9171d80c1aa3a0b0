//! Projects events of groups. An erased user is removed from all groups.

use domain::Event;
use domain::group::GroupEvent;
use domain::user::UserEvent;
use eventstore::log::OpenedEvent;
use futures_util::future::BoxFuture;
use sqlx::PgConnection;

use crate::projector::{ApplyError, Projector};

#[derive(Debug)]
pub struct GroupProjector;

impl Projector for GroupProjector {
    fn name(&self) -> &'static str {
        "groups"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> &'static [&'static str] {
        &["view_groups", "view_group_members"]
    }

    fn aggregates(&self) -> &'static [&'static str] {
        &["group", "user"]
    }

    fn apply<'a>(
        &'a self,
        connection: &'a mut PgConnection,
        events: &'a [&'a OpenedEvent],
    ) -> BoxFuture<'a, Result<(), ApplyError>> {
        Box::pin(async move {
            for opened in events {
                match &opened.event {
                    Event::Group(event) => apply(connection, opened, event).await?,
                    Event::User(UserEvent::UserErased {}) => {
                        sqlx::query!(
                            "delete from view_group_members where user_id = $1",
                            opened.aggregate_id
                        )
                        .execute(&mut *connection)
                        .await?;
                    }
                    _ => {}
                }
            }
            Ok(())
        })
    }
}

async fn apply(
    connection: &mut PgConnection,
    opened: &OpenedEvent,
    event: &GroupEvent,
) -> Result<(), sqlx::Error> {
    let id = opened.aggregate_id;
    match event {
        GroupEvent::GroupCreated { details, .. } => {
            sqlx::query!(
                "insert into view_groups (id, version, name, description, created_at, updated_at)
                 values ($1, $2, $3, $4, $5, $5)",
                id,
                opened.sequence,
                details.name.text(),
                details.description.text(),
                opened.recorded_at
            )
            .execute(&mut *connection)
            .await?;
        }
        GroupEvent::GroupDescribed { details } => {
            sqlx::query!(
                "update view_groups set name = $2, description = $3 where id = $1",
                id,
                details.name.text(),
                details.description.text()
            )
            .execute(&mut *connection)
            .await?;
        }
        GroupEvent::MemberAdded { user_id } => {
            sqlx::query!(
                "insert into view_group_members (group_id, user_id, added_at) values ($1, $2, $3)
                 on conflict do nothing",
                id,
                user_id,
                opened.recorded_at
            )
            .execute(&mut *connection)
            .await?;
        }
        GroupEvent::MemberRemoved { user_id } => {
            sqlx::query!(
                "delete from view_group_members where group_id = $1 and user_id = $2",
                id,
                user_id
            )
            .execute(&mut *connection)
            .await?;
        }
        GroupEvent::GroupDeleted {} => {
            sqlx::query!("delete from view_group_members where group_id = $1", id)
                .execute(&mut *connection)
                .await?;
            sqlx::query!("delete from view_groups where id = $1", id)
                .execute(&mut *connection)
                .await?;
        }
    }
    sqlx::query!(
        "update view_groups set version = $2, updated_at = $3 where id = $1",
        id,
        opened.sequence,
        opened.recorded_at
    )
    .execute(connection)
    .await?;
    Ok(())
}
