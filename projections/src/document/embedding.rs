//! What a model is still to embed, and what it has said.

use domain::document::Vector;
use futures_util::TryStreamExt;
use sqlx::PgPool;
use uuid::Uuid;

/// A document some of whose passages have no vector of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unembedded {
    pub id: Uuid,
    /// The attempt whose passages are found.
    pub attempt: i32,
    /// Why this model failed on it, where it did.
    pub error: Option<String>,
}

/// What is embedded of a passage: its headings, then its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// In hex, as events name it.
    pub digest: String,
    pub text: String,
}

/// Documents that a model is to embed and that nobody holds; those that it failed on last, or not at all.
pub async fn waiting(
    pool: &PgPool,
    model: &str,
    failed_too: bool,
    limit: i64,
) -> Result<Vec<Unembedded>, sqlx::Error> {
    sqlx::query_as!(
        Unembedded,
        r#"select id, ready_attempt as "attempt!",
                  case when embedding_failed_model = $1 then embedding_error end as error
           from view_documents d
           where ready_attempt is not null and status in ('ready', 'failed') and embedding_model is distinct from $1
             and ($2 or embedding_failed_model is distinct from $1)
             and not exists (select from leases l where l.run = d.id and l.expires_at > clock_timestamp())
           order by embedding_failed_model is not distinct from $1, embedding_failed_at nulls first, updated_at, id
           limit $3"#,
        model,
        failed_too,
        limit
    )
    .fetch_all(pool)
    .await
}

/// Texts of an attempt that have no vector of a model, in their order; some of them.
pub async fn texts(
    pool: &PgPool,
    document: Uuid,
    attempt: i32,
    model: &str,
    limit: i64,
) -> Result<Vec<Text>, sqlx::Error> {
    sqlx::query_as!(
        Text,
        r#"select encode(digest, 'hex') as "digest!", array_to_string(headings, E'\n') || E'\n' || body as "text!"
           from (select distinct on (digest) digest, headings, body, number from view_passages p
                 where document_id = $1 and attempt = $2
                   and not exists (select from view_vectors v
                                   where v.document_id = $1 and v.model = $3 and v.digest = p.digest)) p
           order by number limit $4"#,
        document,
        attempt,
        model,
        limit
    )
    .fetch_all(pool)
    .await
}

/// Whether a model has embedded some document of these knowledge bases.
pub async fn any(
    pool: &PgPool,
    knowledge_bases: &[Uuid],
    model: &str,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from view_documents
                          where knowledge_base_id = any($1) and embedding_model = $2) as "any!""#,
        knowledge_bases,
        model
    )
    .fetch_one(pool)
    .await
}

/// How many numbers a vector of a model has that this document has already.
pub async fn dimensions(
    pool: &PgPool,
    document: Uuid,
    model: &str,
) -> Result<Option<usize>, sqlx::Error> {
    let bytes = sqlx::query_scalar!(
        "select vector from view_vectors where document_id = $1 and model = $2 limit 1",
        document,
        model
    )
    .fetch_optional(pool)
    .await?;
    Ok(bytes
        .and_then(|bytes| Vector::from_bytes(&bytes))
        .map(|vector| vector.dimensions()))
}

/// The passages of some knowledge bases whose vectors are nearest to some together, nearest first. Each of them is
/// looked at.
pub async fn nearest(
    pool: &PgPool,
    knowledge_bases: &[Uuid],
    (model, to): (&str, &[Vector]),
    limit: usize,
) -> Result<Vec<(Uuid, f32)>, sqlx::Error> {
    let mut rows = sqlx::query!(
        "select p.id, v.vector from view_documents d
         join view_passages p on p.document_id = d.id and p.attempt = d.ready_attempt
         join view_vectors v on v.document_id = d.id and v.model = $2 and v.digest = p.digest
         where d.knowledge_base_id = any($1)",
        knowledge_bases,
        model
    )
    .fetch(pool);
    let mut found: Vec<(Uuid, f32)> = Vec::new();
    while let Some(row) = rows.try_next().await? {
        let near = Vector::from_bytes(&row.vector).and_then(|vector| {
            let each = to.iter().map(|to| vector.similarity(to));
            each.sum::<Option<f32>>()
        });
        if let Some(near) = near {
            found.push((row.id, near));
        }
        // Cut now and then, so that a million passages are not all kept.
        if found.len() >= limit.max(1) * 16 {
            cut(&mut found, limit);
        }
    }
    cut(&mut found, limit);
    Ok(found)
}

fn cut(found: &mut Vec<(Uuid, f32)>, limit: usize) {
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    found.truncate(limit);
}
