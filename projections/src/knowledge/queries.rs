//! Queries on knowledge bases: a reader sees its own, those of its groups and those for everyone.

use std::collections::HashMap;

use sqlx::PgPool;
use uuid::Uuid;

use super::KnowledgeBaseView;
use crate::page::Page;

/// One knowledge base, where the reader may see it.
pub async fn find(
    pool: &PgPool,
    reader: Uuid,
    id: Uuid,
) -> Result<Option<KnowledgeBaseView>, sqlx::Error> {
    sqlx::query_as!(
        KnowledgeBaseView,
        r#"select id, version, owner_id, name, description, tags, visibility, group_ids, chunk_tokens, chunk_overlap,
                  (select count(*) from view_documents d where d.knowledge_base_id = k.id) as "documents!",
                  created_at, updated_at
           from view_knowledge_bases k where id = $1 and id in (select id from readable_knowledge_bases($2))"#,
        id,
        reader
    )
    .fetch_optional(pool)
    .await
}

/// The knowledge bases that a reader may see, in the order of their making, those with a tag where one is given.
pub async fn list(
    pool: &PgPool,
    reader: Uuid,
    tag: Option<&str>,
    after: Option<Uuid>,
    limit: usize,
) -> Result<Page<KnowledgeBaseView, Uuid>, sqlx::Error> {
    let rows = sqlx::query_as!(
        KnowledgeBaseView,
        r#"select id, version, owner_id, name, description, tags, visibility, group_ids, chunk_tokens, chunk_overlap,
                  (select count(*) from view_documents d where d.knowledge_base_id = k.id) as "documents!",
                  created_at, updated_at
           from view_knowledge_bases k
           where id > $2 and id in (select id from readable_knowledge_bases($1))
             and ($4::text is null or lower($4) = any(select lower(t) from unnest(tags) t))
           order by id limit $3"#,
        reader,
        after.unwrap_or_default(),
        i64::try_from(limit + 1).unwrap_or(i64::MAX),
        tag
    )
    .fetch_all(pool)
    .await?;
    Ok(Page::from_rows(rows, limit, |base| base.id))
}

/// Those among some knowledge bases that a reader may see.
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

/// What some knowledge bases are called, whoever asks.
pub async fn names(pool: &PgPool, ids: &[Uuid]) -> Result<HashMap<Uuid, String>, sqlx::Error> {
    let rows = sqlx::query!(
        "select id, name from view_knowledge_bases where id = any($1)",
        ids
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// All that a reader may see.
pub async fn list_readable(pool: &PgPool, reader: Uuid) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select id as "id!" from readable_knowledge_bases($1)"#,
        reader
    )
    .fetch_all(pool)
    .await
}

/// How documents of a knowledge base are cut, as tokens and overlap; whoever asks.
pub async fn chunking(pool: &PgPool, id: Uuid) -> Result<Option<(i32, i32)>, sqlx::Error> {
    let row = sqlx::query!(
        "select chunk_tokens, chunk_overlap from view_knowledge_bases where id = $1",
        id
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| (row.chunk_tokens, row.chunk_overlap)))
}

/// The knowledge bases that are erased with their owner: all but those for everyone.
pub async fn list_private(pool: &PgPool, owner: Uuid) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from view_knowledge_bases where owner_id = $1 and visibility <> 'everyone' limit 100",
        owner
    )
    .fetch_all(pool)
    .await
}

/// Who a knowledge base belongs to.
pub async fn owner(pool: &PgPool, id: Uuid) -> Result<Option<Uuid>, sqlx::Error> {
    let owner = sqlx::query_scalar!(
        "select owner_id from view_knowledge_bases where id = $1",
        id
    )
    .fetch_optional(pool)
    .await?;
    Ok(owner)
}
