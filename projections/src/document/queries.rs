//! Queries on documents: who may read a knowledge base reads its documents.

use sqlx::PgPool;
use uuid::Uuid;

use super::{DocumentView, PendingDocument};
use crate::page::Page;

/// One document, where the reader may see its knowledge base.
pub async fn find(
    pool: &PgPool,
    reader: Uuid,
    id: Uuid,
) -> Result<Option<DocumentView>, sqlx::Error> {
    sqlx::query_as!(
        DocumentView,
        r#"select d.id, d.version, d.knowledge_base_id, d.added_by, d.file_id, d.name, d.media_type, d.size, d.status,
                d.attempt, d.pages, d.passages, d.characters, d.error_code, d.error_detail,
                d.left_out as "left_out: _", d.embedding_model, d.embedding_error, d.created_at, d.updated_at
         from view_documents d join readable_knowledge_bases($2) k on k.id = d.knowledge_base_id
         where d.id = $1"#,
        id,
        reader
    )
    .fetch_optional(pool)
    .await
}

/// The documents of a knowledge base, in the order in which they were added.
pub async fn list(
    pool: &PgPool,
    knowledge_base: Uuid,
    status: Option<&str>,
    after: Option<Uuid>,
    limit: usize,
) -> Result<Page<DocumentView, Uuid>, sqlx::Error> {
    let rows = sqlx::query_as!(
        DocumentView,
        r#"select id, version, knowledge_base_id, added_by, file_id, name, media_type, size, status, attempt, pages,
                passages, characters, error_code, error_detail, left_out as "left_out: _", embedding_model,
                embedding_error, created_at, updated_at
         from view_documents
         where knowledge_base_id = $1 and id > $2 and ($4::text is null or status = $4) order by id limit $3"#,
        knowledge_base,
        after.unwrap_or_default(),
        i64::try_from(limit + 1).unwrap_or(i64::MAX),
        status
    )
    .fetch_all(pool)
    .await?;
    Ok(Page::from_rows(rows, limit, |document| document.id))
}

/// The document of a knowledge base that was made of a file.
pub async fn find_by_file(
    pool: &PgPool,
    knowledge_base: Uuid,
    file: Uuid,
) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from view_documents where knowledge_base_id = $1 and file_id = $2",
        knowledge_base,
        file
    )
    .fetch_optional(pool)
    .await
}

/// The knowledge base and the file of a document.
pub async fn find_source(pool: &PgPool, id: Uuid) -> Result<Option<(Uuid, Uuid)>, sqlx::Error> {
    let row = sqlx::query!(
        "select knowledge_base_id, file_id from view_documents where id = $1",
        id
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| (row.knowledge_base_id, row.file_id)))
}

/// Documents that wait and that nobody holds. People take turns, so that one who adds thousands keeps nobody waiting.
pub async fn list_pending(pool: &PgPool, limit: i64) -> Result<Vec<PendingDocument>, sqlx::Error> {
    sqlx::query_as!(
        PendingDocument,
        "select id, knowledge_base_id, file_id, name, media_type, attempt
         from (select d.*, row_number() over (partition by added_by order by updated_at, id) as turn
               from view_documents d where status in ('queued', 'processing')) d
         where not exists (select from leases l where l.run = d.id and l.expires_at > clock_timestamp())
         order by turn, updated_at, id limit $1",
        limit
    )
    .fetch_all(pool)
    .await
}

/// The documents of a knowledge base with their files; some of them.
pub async fn list_ids(pool: &PgPool, knowledge_base: Uuid) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from view_documents where knowledge_base_id = $1 limit 100",
        knowledge_base
    )
    .fetch_all(pool)
    .await
}
