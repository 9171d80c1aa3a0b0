//! Queries on files.

use sqlx::PgPool;
use uuid::Uuid;

use super::FileView;
use crate::page::Page;

/// One file of the reader's own.
pub async fn find(pool: &PgPool, reader: Uuid, id: Uuid) -> Result<Option<FileView>, sqlx::Error> {
    sqlx::query_as!(
        FileView,
        "select id, version, owner_id, name, media_type, size, sha256, created_at
         from view_files where id = $1 and owner_id = $2",
        id,
        reader
    )
    .fetch_optional(pool)
    .await
}

/// Files whoever they belong to, for a run or a document that has them.
pub async fn find_many(pool: &PgPool, ids: &[Uuid]) -> Result<Vec<FileView>, sqlx::Error> {
    sqlx::query_as!(
        FileView,
        "select id, version, owner_id, name, media_type, size, sha256, created_at
         from view_files where id = any($1)",
        ids
    )
    .fetch_all(pool)
    .await
}

/// The file of an owner's that has these bytes and this name.
pub async fn find_by_digest_and_name(
    pool: &PgPool,
    owner: Uuid,
    sha256: &str,
    name: &str,
) -> Result<Option<FileView>, sqlx::Error> {
    sqlx::query_as!(
        FileView,
        "select id, version, owner_id, name, media_type, size, sha256, created_at
         from view_files where owner_id = $1 and sha256 = $2 and name = $3 order by id limit 1",
        owner,
        sha256,
        name
    )
    .fetch_optional(pool)
    .await
}

/// The first file of an owner's that has these bytes, whatever its name is.
pub async fn find_by_digest(
    pool: &PgPool,
    owner: Uuid,
    sha256: &str,
) -> Result<Option<FileView>, sqlx::Error> {
    sqlx::query_as!(
        FileView,
        "select id, version, owner_id, name, media_type, size, sha256, created_at
         from view_files where owner_id = $1 and sha256 = $2 order by id limit 1",
        owner,
        sha256
    )
    .fetch_optional(pool)
    .await
}

/// The files of an owner, the newest first.
pub async fn list(
    pool: &PgPool,
    owner: Uuid,
    before: Option<Uuid>,
    limit: usize,
) -> Result<Page<FileView, Uuid>, sqlx::Error> {
    let rows = sqlx::query_as!(
        FileView,
        "select id, version, owner_id, name, media_type, size, sha256, created_at
         from view_files where owner_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3",
        owner,
        before,
        i64::try_from(limit + 1).unwrap_or(i64::MAX)
    )
    .fetch_all(pool)
    .await?;
    Ok(Page::from_rows(rows, limit, |file| file.id))
}

/// Those among some ids that no file has.
pub async fn find_missing(pool: &PgPool, ids: &[Uuid]) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select id as "id!" from unnest($1::uuid[]) as wanted(id)
           where not exists (select from view_files f where f.id = wanted.id)"#,
        ids
    )
    .fetch_all(pool)
    .await
}

/// Whether a document is made of a file.
pub async fn is_in_document(pool: &PgPool, id: Uuid) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from view_documents where file_id = $1) as "used!""#,
        id
    )
    .fetch_one(pool)
    .await
}

/// Whether a message or a document but one has a file.
pub async fn is_used_elsewhere(pool: &PgPool, id: Uuid, but: Uuid) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from view_messages where attachments <> '{}' and attachments @> array[$1]::uuid[])
               or exists (select from view_documents where file_id = $1 and id <> $2) as "used!""#,
        id,
        but
    )
    .fetch_one(pool)
    .await
}
