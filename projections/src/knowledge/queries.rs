//! Queries on knowledge bases. A reader sees its own, those of its groups and those for everyone.

use std::collections::HashMap;

use sqlx::PgPool;
use uuid::Uuid;

use super::view::{KnowledgeBaseView, select_knowledge_bases};
use crate::counts::to_i64;
use crate::page::Page;

/// Finds a knowledge base that the reader can see.
pub async fn find(
    pool: &PgPool,
    reader: Uuid,
    id: Uuid,
) -> Result<Option<KnowledgeBaseView>, sqlx::Error> {
    select_knowledge_bases!(
        "from view_knowledge_bases k where id = $2 and id in (select id from readable_knowledge_bases($1))",
        reader,
        id
    )
    .fetch_optional(pool)
    .await
}

/// Lists the knowledge bases that a reader can see, in the order of their creation, optionally only those with a tag.
pub async fn list(
    pool: &PgPool,
    reader: Uuid,
    tag: Option<&str>,
    after: Option<Uuid>,
    limit: usize,
) -> Result<Page<KnowledgeBaseView, Uuid>, sqlx::Error> {
    let rows = select_knowledge_bases!(
        "from view_knowledge_bases k
           where id > $2 and id in (select id from readable_knowledge_bases($1))
             and ($4::text is null or lower($4) = any(select lower(t) from unnest(tags) t))
           order by id limit $3",
        reader,
        after.unwrap_or_default(),
        to_i64(limit + 1),
        tag
    )
    .fetch_all(pool)
    .await?;
    Ok(Page::from_rows(rows, limit, |base| base.id))
}

/// Returns those of the given knowledge bases that a reader can see.
pub async fn filter_readable(
    pool: &PgPool,
    reader: Uuid,
    ids: &[Uuid],
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select id as "id!" from readable_knowledge_bases($1) where id = any($2)"#,
        reader,
        ids
    )
    .fetch_all(pool)
    .await
}

/// Returns the names of knowledge bases, without an access check.
pub async fn names(pool: &PgPool, ids: &[Uuid]) -> Result<HashMap<Uuid, String>, sqlx::Error> {
    let rows = sqlx::query!(
        "select id, name from view_knowledge_bases where id = any($1)",
        ids
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Lists the ids of all knowledge bases that a reader can see.
pub async fn list_readable(pool: &PgPool, reader: Uuid) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select id as "id!" from readable_knowledge_bases($1)"#,
        reader
    )
    .fetch_all(pool)
    .await
}

/// Returns the chunk size and overlap of a knowledge base in tokens, without an access check.
pub async fn chunking(pool: &PgPool, id: Uuid) -> Result<Option<(i32, i32)>, sqlx::Error> {
    let row = sqlx::query!(
        "select chunk_tokens, chunk_overlap from view_knowledge_bases where id = $1",
        id
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| (row.chunk_tokens, row.chunk_overlap)))
}

/// Lists up to 100 knowledge bases that are erased with their owner: all except those for everyone.
pub async fn list_private(pool: &PgPool, owner: Uuid) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from view_knowledge_bases where owner_id = $1 and visibility <> 'everyone' limit 100",
        owner
    )
    .fetch_all(pool)
    .await
}
