//! The rows of vectors, written by the projector.

use chrono::{DateTime, Utc};
use domain::document::PassageVector;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::statement::{column, execute};

/// Inserts vectors, unless their document has been deleted.
pub(super) async fn insert(
    connection: &mut PgConnection,
    document: Uuid,
    model: &str,
    vectors: &[PassageVector],
) -> Result<(), sqlx::Error> {
    execute!(
        connection,
        "insert into view_vectors (document_id, model, digest, vector)
         select distinct on (v.digest) d.id, $2, decode(v.digest, 'hex'), v.vector
         from unnest($3::text[], $4::bytea[]) as v(digest, vector) join view_documents d on d.id = $1
         on conflict do nothing",
        document,
        model,
        &column(vectors, |v| v.digest.as_str()) as &[&str],
        &column(vectors, |v| v.vector.to_bytes())
    )
}

/// Marks the passages of an attempt as embedded, unless a later attempt has replaced them, and deletes vectors that no
/// passage needs.
pub(super) async fn complete(
    connection: &mut PgConnection,
    document: Uuid,
    attempt: i32,
    model: &str,
) -> Result<(), sqlx::Error> {
    let completed = sqlx::query!(
        "update view_documents
         set embedding_model = $3, embedding_failed_model = null, embedding_error = null,
             embedded_in_full = not exists (
                 select from view_passages p, unnest(array[p.digest, p.content_digest] || p.part_digests) as d(digest)
                 where p.document_id = $1 and p.attempt = $2
                   and not exists (select from view_vectors v
                                   where v.document_id = $1 and v.model = $3 and v.digest = d.digest))
         where id = $1 and ready_attempt = $2",
        document,
        attempt,
        model
    )
    .execute(&mut *connection)
    .await?;
    if completed.rows_affected() == 0 {
        return Ok(());
    }
    execute!(
        connection,
        "with wanted as (
             select distinct unnest(array[digest, content_digest] || part_digests) as digest
             from view_passages where document_id = $1)
         delete from view_vectors v where document_id = $1
           and (model <> $2 or not exists (select from wanted w where w.digest = v.digest))",
        document,
        model
    )
}

pub(super) async fn fail(
    connection: &mut PgConnection,
    (document, failed_at): (Uuid, DateTime<Utc>),
    model: &str,
    error: &str,
) -> Result<(), sqlx::Error> {
    execute!(
        connection,
        "update view_documents set embedding_failed_model = $2, embedding_failed_at = $3, embedding_error = $4
         where id = $1",
        document,
        model,
        failed_at,
        error
    )
}

pub(super) async fn remove(
    connection: &mut PgConnection,
    document: Uuid,
) -> Result<(), sqlx::Error> {
    execute!(
        connection,
        "delete from view_vectors where document_id = $1",
        document
    )
}
