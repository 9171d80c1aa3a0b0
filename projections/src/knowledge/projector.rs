//! Projects events of knowledge bases.

use domain::Event;
use domain::knowledge::{Chunking, Description, KnowledgeEvent};
use domain::personal::Personal;
use eventstore::log::OpenedEvent;
use futures_util::future::BoxFuture;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::assistant::visibility_name;
use crate::projector::{ApplyError, Projector};

#[derive(Debug)]
pub struct KnowledgeProjector;

impl Projector for KnowledgeProjector {
    fn name(&self) -> &'static str {
        "knowledge_bases"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> &'static [&'static str] {
        &["view_knowledge_bases"]
    }

    fn aggregates(&self) -> &'static [&'static str] {
        &["knowledge_base"]
    }

    fn apply<'a>(
        &'a self,
        connection: &'a mut PgConnection,
        events: &'a [&'a OpenedEvent],
    ) -> BoxFuture<'a, Result<(), ApplyError>> {
        Box::pin(async move {
            for opened in events {
                if let Event::Knowledge(event) = &opened.event {
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
    event: &KnowledgeEvent,
) -> Result<(), sqlx::Error> {
    let id = opened.aggregate_id;
    match event {
        KnowledgeEvent::KnowledgeBaseCreated {
            owner_id,
            description: d,
            visibility,
            chunking,
        } => {
            let (tokens, overlap) = chunk_lengths(*chunking);
            sqlx::query!(
                "insert into view_knowledge_bases (id, version, owner_id, name, description, tags, visibility,
                                                   chunk_tokens, chunk_overlap, created_at, updated_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)",
                id,
                opened.sequence,
                owner_id,
                d.name.text(),
                d.description.text(),
                tags(d),
                visibility_name(*visibility),
                tokens,
                overlap,
                opened.recorded_at
            )
            .execute(&mut *connection)
            .await?;
        }
        KnowledgeEvent::KnowledgeBaseDescribed { description: d } => {
            sqlx::query!(
                "update view_knowledge_bases set name = $2, description = $3, tags = $4 where id = $1",
                id,
                d.name.text(),
                d.description.text(),
                tags(d)
            )
            .execute(&mut *connection)
            .await?;
        }
        KnowledgeEvent::VisibilityChanged { visibility } => {
            sqlx::query!(
                "update view_knowledge_bases set visibility = $2, group_ids = '{}' where id = $1",
                id,
                visibility_name(*visibility)
            )
            .execute(&mut *connection)
            .await?;
        }
        KnowledgeEvent::SharedWithGroups { group_ids } => {
            let group_ids: Vec<Uuid> = group_ids.iter().copied().collect();
            sqlx::query!(
                "update view_knowledge_bases set visibility = 'groups', group_ids = $2 where id = $1",
                id,
                &group_ids
            )
            .execute(&mut *connection)
            .await?;
        }
        KnowledgeEvent::ChunkingChanged { chunking } => {
            let (tokens, overlap) = chunk_lengths(*chunking);
            sqlx::query!(
                "update view_knowledge_bases set chunk_tokens = $2, chunk_overlap = $3 where id = $1",
                id,
                tokens,
                overlap
            )
            .execute(&mut *connection)
            .await?;
        }
        KnowledgeEvent::KnowledgeBaseDeleted {} => {
            sqlx::query!("delete from view_knowledge_bases where id = $1", id)
                .execute(&mut *connection)
                .await?;
        }
    }
    sqlx::query!(
        "update view_knowledge_bases set version = $2, updated_at = $3 where id = $1",
        id,
        opened.sequence,
        opened.recorded_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

fn tags(description: &Description) -> &[String] {
    match &description.tags {
        Personal::Plain { value, .. } => value,
        Personal::Sealed(_) | Personal::Erased(_) => &[],
    }
}

/// The domain limits these numbers far below the range of the column.
fn chunk_lengths(chunking: Chunking) -> (i32, i32) {
    let number = |tokens| i32::try_from(tokens).unwrap_or(i32::MAX);
    (number(chunking.tokens), number(chunking.overlap))
}
