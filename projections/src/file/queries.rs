//! Queries on files.

use sqlx::PgPool;
use uuid::Uuid;

use super::view::{FileView, select_files};
use crate::counts::to_i64;
use crate::page::Page;

/// Finds one of the reader's own files.
pub async fn find(pool: &PgPool, reader: Uuid, id: Uuid) -> Result<Option<FileView>, sqlx::Error> {
    select_files!("where id = $1 and owner_id = $2", id, reader)
        .fetch_optional(pool)
        .await
}

/// Finds files of any owner, for a run or a document that uses them.
pub async fn find_many(pool: &PgPool, ids: &[Uuid]) -> Result<Vec<FileView>, sqlx::Error> {
    select_files!("where id = any($1)", ids)
        .fetch_all(pool)
        .await
}

/// Finds the file of an owner with these contents and this name.
pub async fn find_by_digest_and_name(
    pool: &PgPool,
    owner: Uuid,
    sha256: &str,
    name: &str,
) -> Result<Option<FileView>, sqlx::Error> {
    select_files!(
        "where owner_id = $1 and sha256 = $2 and name = $3 order by id limit 1",
        owner,
        sha256,
        name
    )
    .fetch_optional(pool)
    .await
}

/// Finds the first file of an owner with these contents, under any name.
pub async fn find_by_digest(
    pool: &PgPool,
    owner: Uuid,
    sha256: &str,
) -> Result<Option<FileView>, sqlx::Error> {
    select_files!(
        "where owner_id = $1 and sha256 = $2 order by id limit 1",
        owner,
        sha256
    )
    .fetch_optional(pool)
    .await
}

/// Lists the files of an owner, newest first.
pub async fn list(
    pool: &PgPool,
    owner: Uuid,
    before: Option<Uuid>,
    limit: usize,
) -> Result<Page<FileView, Uuid>, sqlx::Error> {
    let rows = select_files!(
        "where owner_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3",
        owner,
        before,
        to_i64(limit + 1)
    )
    .fetch_all(pool)
    .await?;
    Ok(Page::from_rows(rows, limit, |file| file.id))
}

/// Returns the ids that no file has.
pub async fn find_missing(pool: &PgPool, ids: &[Uuid]) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select id as "id!" from unnest($1::uuid[]) as wanted(id)
           where not exists (select from view_files f where f.id = wanted.id)"#,
        ids
    )
    .fetch_all(pool)
    .await
}

/// Finds the files that messages of a conversation have, and nothing else uses.
pub async fn find_only_in_conversation(
    pool: &PgPool,
    conversation: Uuid,
) -> Result<Vec<FileView>, sqlx::Error> {
    select_files!(
        "where id in (select unnest(attachments) from view_messages
                      where conversation_id = $1 and attachments <> '{}')
           and not exists (select from view_messages m join view_conversations c on c.id = m.conversation_id
                           where m.attachments <> '{}' and m.attachments @> array[view_files.id]
                             and c.id <> $1 and not c.erased)
           and not exists (select from view_documents where file_id = view_files.id)",
        conversation
    )
    .fetch_all(pool)
    .await
}

/// Whether a document is created from a file.
pub async fn is_in_document(pool: &PgPool, id: Uuid) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from view_documents where file_id = $1) as "used!""#,
        id
    )
    .fetch_one(pool)
    .await
}

/// Whether a message, or a document other than the given one, uses a file.
pub async fn is_used_elsewhere(
    pool: &PgPool,
    id: Uuid,
    document: Uuid,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from view_messages where attachments <> '{}' and attachments @> array[$1]::uuid[])
               or exists (select from view_documents where file_id = $1 and id <> $2) as "used!""#,
        id,
        document
    )
    .fetch_one(pool)
    .await
}
