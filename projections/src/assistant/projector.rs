//! Projects events of assistants.

use domain::assistant::{AssistantEvent, Configuration};
use eventstore::log::OpenedEvent;
use sqlx::PgConnection;

use crate::counts::to_i32;
use crate::projector::projector;
use crate::statement::{execute, save_version};

projector! {
    AssistantProjector { name: "assistants", version: 1, tables: ["view_assistants"] }
    AssistantEvent => apply,
}

async fn apply(
    connection: &mut PgConnection,
    opened: &OpenedEvent,
    event: &AssistantEvent,
) -> Result<(), sqlx::Error> {
    let id = opened.aggregate_id;
    match event {
        AssistantEvent::AssistantCreated { .. } => create(connection, opened, event).await?,
        AssistantEvent::AssistantConfigured {
            assistant_version,
            configuration,
        } => configure(connection, opened, *assistant_version, configuration).await?,
        AssistantEvent::VisibilityChanged { visibility } => execute!(
            connection,
            "update view_assistants set visibility = $2 where id = $1",
            id,
            visibility.into_str()
        )?,
        AssistantEvent::StatusChanged { status } => execute!(
            connection,
            "update view_assistants set status = $2 where id = $1",
            id,
            status.into_str()
        )?,
        AssistantEvent::AssistantDeleted {} => {
            execute!(connection, "delete from view_assistants where id = $1", id)?;
        }
    }
    save_version!(connection, "view_assistants", opened)
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
    execute!(
        connection,
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
        visibility.into_str(),
        status.into_str(),
        is_default,
        opened.recorded_at,
        &c.knowledge_base_ids
    )
}

async fn configure(
    connection: &mut PgConnection,
    opened: &OpenedEvent,
    assistant_version: u32,
    c: &Configuration,
) -> Result<(), sqlx::Error> {
    execute!(
        connection,
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
}
