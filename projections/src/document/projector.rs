//! Projects events of documents: the document itself, and the passages of its attempts.

use domain::Event;
use domain::document::{DocumentEvent, Extent, FailureCode, Omission};
use domain::knowledge::KnowledgeEvent;
use eventstore::log::OpenedEvent;
use futures_util::future::BoxFuture;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::{rows, vector_rows};
use crate::projector::{ApplyError, Projector};
use crate::search::terms;

#[derive(Debug)]
pub struct DocumentProjector;

impl Projector for DocumentProjector {
    fn name(&self) -> &'static str {
        "documents"
    }

    /// Includes the version of the splitter, because the rows hold terms.
    fn version(&self) -> i32 {
        3 + terms::VERSION
    }

    fn tables(&self) -> &'static [&'static str] {
        &["view_documents", "view_passages", "view_vectors"]
    }

    fn aggregates(&self) -> &'static [&'static str] {
        &["document", "knowledge_base"]
    }

    fn apply<'a>(
        &'a self,
        connection: &'a mut PgConnection,
        events: &'a [&'a OpenedEvent],
    ) -> BoxFuture<'a, Result<(), ApplyError>> {
        Box::pin(async move {
            for opened in events {
                match &opened.event {
                    Event::Document(event) => apply(connection, opened, event).await?,
                    Event::Knowledge(KnowledgeEvent::KnowledgeBaseDeleted {}) => {
                        remove_all(connection, opened.aggregate_id).await?;
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
    event: &DocumentEvent,
) -> Result<(), sqlx::Error> {
    let id = opened.aggregate_id;
    match event {
        DocumentEvent::DocumentAdded { .. } => return add(connection, opened, event).await,
        DocumentEvent::DocumentReplaced {
            file_id,
            name,
            media_type,
            size,
        } => {
            sqlx::query!(
                "update view_documents set file_id = $2, name = $3, media_type = $4, size = $5, status = 'queued',
                        error_code = null, error_detail = null where id = $1",
                id,
                file_id,
                name.text(),
                media_type.as_str(),
                to_i64(*size)
            )
            .execute(&mut *connection)
            .await?;
        }
        DocumentEvent::ReprocessingRequested {} => {
            sqlx::query!(
                "update view_documents set status = 'queued', error_code = null, error_detail = null where id = $1",
                id
            )
            .execute(&mut *connection)
            .await?;
            // Reprocessing also requests new vectors from the model.
            vector_rows::remove(connection, id).await?;
        }
        DocumentEvent::ProcessingStarted { attempt } => {
            start(connection, id, to_i32(*attempt)).await?;
        }
        DocumentEvent::PassagesAdded { attempt, passages } => {
            let passages = passages.plain().map_or(&[][..], Vec::as_slice);
            rows::insert(connection, id, to_i32(*attempt), passages).await?;
        }
        DocumentEvent::ProcessingCompleted {
            attempt,
            extent,
            left_out,
        } => {
            complete(connection, id, to_i32(*attempt), (*extent, left_out)).await?;
        }
        DocumentEvent::ProcessingFailed {
            attempt,
            code,
            detail,
        } => {
            rows::remove_attempt(connection, id, to_i32(*attempt)).await?;
            sqlx::query!(
                "update view_documents set status = 'failed', error_code = $2, error_detail = $3 where id = $1",
                id,
                failure_name(*code),
                detail.text()
            )
            .execute(&mut *connection)
            .await?;
        }
        DocumentEvent::PassagesEmbedded { model, vectors } => {
            let vectors = vectors.plain().map_or(&[][..], Vec::as_slice);
            vector_rows::insert(connection, id, model, vectors).await?;
        }
        DocumentEvent::EmbeddingCompleted { attempt, model } => {
            vector_rows::complete(connection, id, to_i32(*attempt), model).await?;
        }
        DocumentEvent::EmbeddingFailed { model, detail, .. } => {
            vector_rows::fail(connection, (id, opened.recorded_at), model, detail.text()).await?;
        }
        DocumentEvent::DocumentDeleted {} => {
            rows::remove(connection, id).await?;
            vector_rows::remove(connection, id).await?;
            sqlx::query!("delete from view_documents where id = $1", id)
                .execute(&mut *connection)
                .await?;
        }
    }
    sqlx::query!(
        "update view_documents set version = $2, updated_at = $3 where id = $1",
        id,
        opened.sequence,
        opened.recorded_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn add(
    connection: &mut PgConnection,
    opened: &OpenedEvent,
    event: &DocumentEvent,
) -> Result<(), sqlx::Error> {
    let DocumentEvent::DocumentAdded {
        knowledge_base_id,
        added_by,
        file_id,
        name,
        media_type,
        size,
    } = event
    else {
        return Ok(());
    };
    sqlx::query!(
        "insert into view_documents (id, version, knowledge_base_id, added_by, file_id, name, media_type, size, status,
                                     attempt, passages, characters, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'queued', 0, 0, 0, $9, $9)",
        opened.aggregate_id,
        opened.sequence,
        knowledge_base_id,
        added_by,
        file_id,
        name.text(),
        media_type.as_str(),
        to_i64(*size),
        opened.recorded_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes the passages of unfinished attempts; those that search returns stay until this attempt completes.
async fn start(connection: &mut PgConnection, id: Uuid, attempt: i32) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from view_passages p using view_documents d
         where p.document_id = $1 and d.id = $1 and p.attempt is distinct from d.ready_attempt",
        id
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update view_documents set status = 'processing', attempt = $2 where id = $1",
        id,
        attempt
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn complete(
    connection: &mut PgConnection,
    id: Uuid,
    attempt: i32,
    (extent, left_out): (Extent, &[Omission]),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from view_passages where document_id = $1 and attempt <> $2",
        id,
        attempt
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update view_documents set status = 'ready', ready_attempt = $2, pages = $3, passages = $4, characters = $5,
                embedding_model = null, embedded_in_full = false, left_out = $6 where id = $1",
        id,
        attempt,
        extent.pages.map(to_i32),
        to_i32(extent.passages),
        to_i64(extent.characters),
        Json(left_out) as _
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes everything of a knowledge base. Later events of its documents change nothing, because their rows are gone.
async fn remove_all(connection: &mut PgConnection, base: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from view_passages where knowledge_base_id = $1",
        base
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "delete from view_vectors v using view_documents d where d.knowledge_base_id = $1 and v.document_id = d.id",
        base
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "delete from view_documents where knowledge_base_id = $1",
        base
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The domain limits these numbers far below the range of the column.
fn to_i32(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn to_i64(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn failure_name(code: FailureCode) -> &'static str {
    match code {
        FailureCode::UnsupportedType => "unsupported_type",
        FailureCode::Unreadable => "unreadable",
        FailureCode::Encrypted => "encrypted",
        FailureCode::NoText => "no_text",
        FailureCode::TooLarge => "too_large",
        FailureCode::Timeout => "timeout",
        FailureCode::FileMissing => "file_missing",
        FailureCode::Internal => "internal",
    }
}
