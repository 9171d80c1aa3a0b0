//! Projects events of assistants.

use domain::Event;
use domain::assistant::{AssistantEvent, Configuration, Status, Visibility};
use eventstore::log::OpenedEvent;
use futures_util::future::BoxFuture;
use sqlx::PgConnection;

use crate::projector::{ApplyError, Projector};

#[derive(Debug)]
pub struct AssistantProjector;

impl Projector for AssistantProjector {
    fn name(&self) -> &'static str {
        "assistants"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> &'static [&'static str] {
        &["view_assistants"]
    }

    fn aggregates(&self) -> &'static [&'static str] {
        &["assistant"]
    }

    fn apply<'a>(
        &'a self,
        connection: &'a mut PgConnection,
        events: &'a [&'a OpenedEvent],
    ) -> BoxFuture<'a, Result<(), ApplyError>> {
        Box::pin(async move {
            for opened in events {
                if let Event::Assistant(event) = &opened.event {
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
    event: &AssistantEvent,
) -> Result<(), sqlx::Error> {
    let id = opened.aggregate_id;
    match event {
        AssistantEvent::AssistantCreated { .. } => return create(connection, opened, event).await,
        AssistantEvent::AssistantConfigured {
            assistant_version,
            configuration,
        } => configure(connection, opened, *assistant_version, configuration).await?,
        AssistantEvent::VisibilityChanged { visibility } => {
            let name = visibility_name(*visibility);
            sqlx::query!(
                "update view_assistants set visibility = $2 where id = $1",
                id,
                name
            )
            .execute(&mut *connection)
            .await?;
        }
        AssistantEvent::StatusChanged { status } => {
            let name = status_name(*status);
            sqlx::query!(
                "update view_assistants set status = $2 where id = $1",
                id,
                name
            )
            .execute(&mut *connection)
            .await?;
        }
        AssistantEvent::AssistantDeleted {} => {
            sqlx::query!("delete from view_assistants where id = $1", id)
                .execute(&mut *connection)
                .await?;
        }
    }
    sqlx::query!(
        "update view_assistants set version = $2, updated_at = $3 where id = $1",
        id,
        opened.sequence,
        opened.recorded_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn create(
    connection: &mut PgConnection,
    opened: &OpenedEvent,
    event: &AssistantEvent,
) -> Result<(), sqlx::Error> {
    let AssistantEvent::AssistantCreated {
        owner_id,
        configuration: c,
        visibility,
        status,
        is_default,
    } = event
    else {
        return Ok(());
    };
    sqlx::query!(
        "insert into view_assistants (id, version, owner_id, name, description, instructions, model, temperature,
                                      max_output_tokens, visibility, status, assistant_version, is_default,
                                      created_at, updated_at, knowledge_base_ids)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $13, $13, $14)",
        opened.aggregate_id,
        opened.sequence,
        *owner_id,
        c.name.text(),
        c.description.text(),
        c.instructions.text(),
        c.model,
        c.temperature,
        c.max_output_tokens.map(to_i32),
        visibility_name(*visibility),
        status_name(*status),
        is_default,
        opened.recorded_at,
        &c.knowledge_base_ids
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn configure(
    connection: &mut PgConnection,
    opened: &OpenedEvent,
    assistant_version: u32,
    c: &Configuration,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update view_assistants set name = $2, description = $3, instructions = $4, model = $5, temperature = $6,
                max_output_tokens = $7, assistant_version = $8, knowledge_base_ids = $9 where id = $1",
        opened.aggregate_id,
        c.name.text(),
        c.description.text(),
        c.instructions.text(),
        c.model,
        c.temperature,
        c.max_output_tokens.map(to_i32),
        to_i32(assistant_version),
        &c.knowledge_base_ids
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The domain limits these numbers far below the range of the column.
fn to_i32(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

pub(crate) fn status_name(status: Status) -> &'static str {
    match status {
        Status::Draft => "draft",
        Status::Active => "active",
        Status::Inactive => "inactive",
        Status::Maintenance => "maintenance",
    }
}

pub(crate) fn visibility_name(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Private => "private",
        Visibility::Everyone => "everyone",
    }
}
