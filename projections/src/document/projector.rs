//! Projects events of documents: the document itself, and the passages of its attempts.

use domain::document::{DocumentEvent, Extent, FailureCode, Omission};
use domain::knowledge::KnowledgeEvent;
use eventstore::log::OpenedEvent;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::{rows, vector_rows};
use crate::counts::{to_i32, to_i64};
use crate::projector::projector;
use crate::search::terms;
use crate::statement::{execute, save_version};

projector! {
    DocumentProjector {
        name: "documents",
        // Includes the version of the splitter, because the rows hold terms.
        version: 3 + terms::VERSION,
        tables: ["view_documents", "view_passages", "view_vectors"]
    }
    DocumentEvent => apply,
    KnowledgeEvent => apply_knowledge_base,
}

async fn apply(
    connection: &mut PgConnection,
    opened: &OpenedEvent,
    event: &DocumentEvent,
) -> Result<(), sqlx::Error> {
    let id = opened.aggregate_id;
    match event {
        DocumentEvent::DocumentAdded { .. } => add(connection, opened, event).await?,
        DocumentEvent::DocumentReplaced { .. } => replace(connection, id, event).await?,
        DocumentEvent::ReprocessingRequested {} => reprocess(connection, id).await?,
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
        } => complete(connection, id, to_i32(*attempt), (*extent, left_out)).await?,
        DocumentEvent::ProcessingFailed {
            attempt,
            code,
            detail,
        } => fail(connection, id, to_i32(*attempt), (*code, detail.text())).await?,
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
        DocumentEvent::DocumentDeleted {} => delete(connection, id).await?,
    }
    save_version!(connection, "view_documents", opened)
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
    execute!(
        connection,
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
}

async fn replace(
    connection: &mut PgConnection,
    id: Uuid,
    event: &DocumentEvent,
) -> Result<(), sqlx::Error> {
    let DocumentEvent::DocumentReplaced {
        file_id,
        name,
        media_type,
        size,
    } = event
    else {
        return Ok(());
    };
    execute!(
        connection,
        "update view_documents set file_id = $2, name = $3, media_type = $4, size = $5, status = 'queued',
                error_code = null, error_detail = null where id = $1",
        id,
        file_id,
        name.text(),
        media_type.as_str(),
        to_i64(*size)
    )
}

/// Reprocessing also requests new vectors from the model.
async fn reprocess(connection: &mut PgConnection, id: Uuid) -> Result<(), sqlx::Error> {
    execute!(
        connection,
        "update view_documents set status = 'queued', error_code = null, error_detail = null where id = $1",
        id
    )?;
    vector_rows::remove(connection, id).await
}

/// Deletes the passages of unfinished attempts; those that search returns stay until this attempt completes.
async fn start(connection: &mut PgConnection, id: Uuid, attempt: i32) -> Result<(), sqlx::Error> {
    execute!(
        connection,
        "delete from view_passages p using view_documents d
         where p.document_id = $1 and d.id = $1 and p.attempt is distinct from d.ready_attempt",
        id
    )?;
    execute!(
        connection,
        "update view_documents set status = 'processing', attempt = $2 where id = $1",
        id,
        attempt
    )
}

async fn complete(
    connection: &mut PgConnection,
    id: Uuid,
    attempt: i32,
    (extent, left_out): (Extent, &[Omission]),
) -> Result<(), sqlx::Error> {
    execute!(
        connection,
        "delete from view_passages where document_id = $1 and attempt <> $2",
        id,
        attempt
    )?;
    execute!(
        connection,
        "update view_documents set status = 'ready', ready_attempt = $2, pages = $3, passages = $4, characters = $5,
                embedding_model = null, embedded_in_full = false, left_out = $6 where id = $1",
        id,
        attempt,
        extent.pages.map(to_i32),
        to_i32(extent.passages),
        to_i64(extent.characters),
        Json(left_out) as _
    )
}

async fn fail(
    connection: &mut PgConnection,
    id: Uuid,
    attempt: i32,
    (code, detail): (FailureCode, &str),
) -> Result<(), sqlx::Error> {
    rows::remove_attempt(connection, id, attempt).await?;
    execute!(
        connection,
        "update view_documents set status = 'failed', error_code = $2, error_detail = $3 where id = $1",
        id,
        code.into_str(),
        detail
    )
}

async fn delete(connection: &mut PgConnection, id: Uuid) -> Result<(), sqlx::Error> {
    rows::remove(connection, id).await?;
    vector_rows::remove(connection, id).await?;
    execute!(connection, "delete from view_documents where id = $1", id)
}

async fn apply_knowledge_base(
    connection: &mut PgConnection,
    opened: &OpenedEvent,
    event: &KnowledgeEvent,
) -> Result<(), sqlx::Error> {
    match event {
        KnowledgeEvent::KnowledgeBaseDeleted {} => {
            remove_all(connection, opened.aggregate_id).await
        }
        KnowledgeEvent::KnowledgeBaseCreated { .. }
        | KnowledgeEvent::KnowledgeBaseDescribed { .. }
        | KnowledgeEvent::VisibilityChanged { .. }
        | KnowledgeEvent::SharedWithGroups { .. }
        | KnowledgeEvent::ChunkingChanged { .. } => Ok(()),
    }
}

/// Deletes everything of a knowledge base. Later events of its documents change nothing, because their rows are gone.
async fn remove_all(connection: &mut PgConnection, base: Uuid) -> Result<(), sqlx::Error> {
    execute!(
        connection,
        "delete from view_passages where knowledge_base_id = $1",
        base
    )?;
    execute!(
        connection,
        "delete from view_vectors v using view_documents d where d.knowledge_base_id = $1 and v.document_id = d.id",
        base
    )?;
    execute!(
        connection,
        "delete from view_documents where knowledge_base_id = $1",
        base
    )
}
