//! Projects events of knowledge bases.

use std::collections::BTreeSet;

use domain::knowledge::{Description, KnowledgeEvent};
use domain::personal::Personal;
use eventstore::log::OpenedEvent;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::counts::to_i32;
use crate::projector::projector;
use crate::statement::{execute, save_version};

projector! {
    KnowledgeProjector { name: "knowledge_bases", version: 1, tables: ["view_knowledge_bases"] }
    KnowledgeEvent => apply,
}

async fn apply(
    connection: &mut PgConnection,
    opened: &OpenedEvent,
    event: &KnowledgeEvent,
) -> Result<(), sqlx::Error> {
    let id = opened.aggregate_id;
    match event {
        KnowledgeEvent::KnowledgeBaseCreated { .. } => create(connection, opened, event).await?,
        KnowledgeEvent::KnowledgeBaseDescribed { description } => {
            describe(connection, id, description).await?;
        }
        KnowledgeEvent::VisibilityChanged { visibility } => execute!(
            connection,
            "update view_knowledge_bases set visibility = $2, group_ids = '{}' where id = $1",
            id,
            visibility.into_str()
        )?,
        KnowledgeEvent::SharedWithGroups { group_ids } => {
            share(connection, id, group_ids).await?;
        }
        KnowledgeEvent::ChunkingChanged { chunking } => execute!(
            connection,
            "update view_knowledge_bases set chunk_tokens = $2, chunk_overlap = $3 where id = $1",
            id,
            to_i32(chunking.tokens),
            to_i32(chunking.overlap)
        )?,
        KnowledgeEvent::KnowledgeBaseDeleted {} => {
            execute!(
                connection,
                "delete from view_knowledge_bases where id = $1",
                id
            )?;
        }
    }
    save_version!(connection, "view_knowledge_bases", opened)
}

async fn create(
    connection: &mut PgConnection,
    opened: &OpenedEvent,
    event: &KnowledgeEvent,
) -> Result<(), sqlx::Error> {
    let KnowledgeEvent::KnowledgeBaseCreated {
        owner_id,
        description,
        visibility,
        chunking,
    } = event
    else {
        return Ok(());
    };
    execute!(
        connection,
        "insert into view_knowledge_bases (id, version, owner_id, name, description, tags, visibility,
                                           chunk_tokens, chunk_overlap, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)",
        opened.aggregate_id,
        opened.sequence,
        owner_id,
        description.name.text(),
        description.description.text(),
        tags(description),
        visibility.into_str(),
        to_i32(chunking.tokens),
        to_i32(chunking.overlap),
        opened.recorded_at
    )
}

async fn describe(
    connection: &mut PgConnection,
    id: Uuid,
    description: &Description,
) -> Result<(), sqlx::Error> {
    execute!(
        connection,
        "update view_knowledge_bases set name = $2, description = $3, tags = $4 where id = $1",
        id,
        description.name.text(),
        description.description.text(),
        tags(description)
    )
}

async fn share(
    connection: &mut PgConnection,
    id: Uuid,
    group_ids: &BTreeSet<Uuid>,
) -> Result<(), sqlx::Error> {
    let group_ids: Vec<Uuid> = group_ids.iter().copied().collect();
    execute!(
        connection,
        "update view_knowledge_bases set visibility = 'groups', group_ids = $2 where id = $1",
        id,
        &group_ids
    )
}

fn tags(description: &Description) -> &[String] {
    match &description.tags {
        Personal::Plain { value, .. } => value,
        Personal::Sealed(_) | Personal::Erased(_) => &[],
    }
}
