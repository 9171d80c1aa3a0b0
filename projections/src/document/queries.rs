//! Queries on documents. Whoever can read a knowledge base can read its documents.

use sqlx::PgPool;
use uuid::Uuid;

use super::view::{DocumentView, PendingDocument, select_documents};
use crate::counts::to_i64;
use crate::page::Page;

/// Finds a document in a knowledge base that the reader can read.
pub async fn find(
    pool: &PgPool,
    reader: Uuid,
    id: Uuid,
) -> Result<Option<DocumentView>, sqlx::Error> {
    select_documents!(
        "from view_documents d join readable_knowledge_bases($2) k on k.id = d.knowledge_base_id
         where d.id = $1",
        id,
        reader
    )
    .fetch_optional(pool)
    .await
}

/// Lists the documents of a knowledge base in the order in which they were added.
pub async fn list(
    pool: &PgPool,
    knowledge_base: Uuid,
    status: Option<&str>,
    after: Option<Uuid>,
    limit: usize,
) -> Result<Page<DocumentView, Uuid>, sqlx::Error> {
    let rows = select_documents!(
        "from view_documents d
         where d.knowledge_base_id = $1 and d.id > $2 and ($4::text is null or d.status = $4) order by d.id limit $3",
        knowledge_base,
        after.unwrap_or_default(),
        to_i64(limit + 1),
        status
    )
    .fetch_all(pool)
    .await?;
    Ok(Page::from_rows(rows, limit, |document| document.id))
}

/// Finds the document of a knowledge base that was created from a file.
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

/// Returns the knowledge base and the file of a document.
pub async fn find_source(pool: &PgPool, id: Uuid) -> Result<Option<(Uuid, Uuid)>, sqlx::Error> {
    let row = sqlx::query!(
        "select knowledge_base_id, file_id from view_documents where id = $1",
        id
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| (row.knowledge_base_id, row.file_id)))
}

/// Lists pending documents that no worker holds. Users take turns, so that thousands of documents of one user do not
/// delay the others.
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

/// Lists the ids of up to 100 documents of a knowledge base.
pub async fn list_ids(pool: &PgPool, knowledge_base: Uuid) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from view_documents where knowledge_base_id = $1 limit 100",
        knowledge_base
    )
    .fetch_all(pool)
    .await
}
