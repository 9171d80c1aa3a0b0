//! The passages that an embedding model still has to embed, and those nearest to a vector.

use std::collections::{HashMap, HashSet};

use domain::document::Vector;
use futures_util::TryStreamExt;
use sqlx::PgPool;
use uuid::Uuid;

use super::forms::Forms;

/// A document with passages that a model has not embedded yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnembeddedDocument {
    pub id: Uuid,
    /// The attempt whose passages search returns.
    pub attempt: i32,
    /// Why this model failed on the document, if it did.
    pub error: Option<String>,
}

/// A text to embed for a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbeddingText {
    /// In hex, as in events.
    pub digest: String,
    pub text: String,
}

/// Lists documents that a model has to embed and no worker holds. Those that it failed on come last or are left out.
pub async fn list_pending(
    pool: &PgPool,
    model: &str,
    include_failed: bool,
    limit: i64,
) -> Result<Vec<UnembeddedDocument>, sqlx::Error> {
    sqlx::query_as!(
        UnembeddedDocument,
        r#"select id, ready_attempt as "attempt!",
                  case when embedding_failed_model = $1 then embedding_error end as error
           from view_documents d
           where ready_attempt is not null and status in ('ready', 'failed')
             and (embedding_model is distinct from $1 or not embedded_in_full)
             and ($2 or embedding_failed_model is distinct from $1)
             and not exists (select from leases l where l.run = d.id and l.expires_at > clock_timestamp())
           order by embedding_failed_model is not distinct from $1, embedding_failed_at nulls first, updated_at, id
           limit $3"#,
        model,
        include_failed,
        limit
    )
    .fetch_all(pool)
    .await
}

/// Lists the first texts of an attempt that have no vector of a model, in order.
pub async fn pending_texts(
    pool: &PgPool,
    document: Uuid,
    attempt: i32,
    model: &str,
    limit: i64,
) -> Result<Vec<EmbeddingText>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select headings, body, dictionary, lacking as "lacking!"
           from view_passages p,
                lateral (select array_agg(d.digest) as lacking
                         from unnest(array[p.digest, p.content_digest] || p.part_digests) as d(digest)
                         where not exists (select from view_vectors v
                                           where v.document_id = $1 and v.model = $3 and v.digest = d.digest)) l
           where document_id = $1 and attempt = $2 and lacking is not null
           order by number limit $4"#,
        document,
        attempt,
        model,
        limit
    )
    .fetch_all(pool)
    .await?;
    let mut seen = HashSet::new();
    let mut texts = Vec::new();
    for row in rows {
        let forms = Forms::new(&row.headings, &row.body, &row.dictionary);
        let lacking = row.lacking.into_iter();
        texts.extend(
            lacking
                .filter(|digest| seen.insert(digest.clone()))
                .map(|digest| EmbeddingText {
                    text: forms.text(&digest).to_owned(),
                    digest: hex::encode(&digest),
                }),
        );
    }
    texts.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(texts)
}

/// Whether a model has embedded any document of these knowledge bases.
pub async fn has_embeddings(
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

/// The dimensions of the vectors that a document has of a model, if any.
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

/// Finds the passages nearest to several query vectors together, nearest first. Every passage is compared by its whole
/// text; the best of them are then ordered by their words and their best part as well.
pub async fn find_nearest(
    pool: &PgPool,
    knowledge_bases: &[Uuid],
    (model, queries): (&str, &[Vector]),
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
    let mut ranked: Vec<(Uuid, f32)> = Vec::new();
    while let Some(row) = rows.try_next().await? {
        if let Some(similarity) = similarity(&row.vector, queries) {
            ranked.push((row.id, similarity));
        }
        // Truncated now and then: a million passages would take too much memory.
        if ranked.len() >= limit.max(1) * 16 {
            keep_best(&mut ranked, limit);
        }
    }
    keep_best(&mut ranked, limit);
    order_by_details(pool, (model, queries), ranked).await
}

/// How similar a passage is without its filler words, and in its best part.
#[derive(Default)]
struct DetailSimilarity {
    content: Option<f32>,
    best_part: Option<f32>,
}

/// Orders passages by the mean similarity of the whole text, its words and its best part. A form without a vector
/// counts as similar as the whole.
async fn order_by_details(
    pool: &PgPool,
    (model, queries): (&str, &[Vector]),
    ranked: Vec<(Uuid, f32)>,
) -> Result<Vec<(Uuid, f32)>, sqlx::Error> {
    let ids: Vec<Uuid> = ranked.iter().map(|(id, _)| *id).collect();
    let rows = sqlx::query!(
        r#"select p.id, v.vector, v.digest = p.content_digest as "is_content!",
                  v.digest = any(p.part_digests) as "is_part!"
           from view_passages p
           join view_vectors v on v.document_id = p.document_id and v.model = $2
                and v.digest = any(p.part_digests || p.content_digest)
           where p.id = any($1)"#,
        &ids,
        model
    )
    .fetch_all(pool)
    .await?;
    let mut details: HashMap<Uuid, DetailSimilarity> = HashMap::new();
    for row in rows {
        let detail = details.entry(row.id).or_default();
        let similarity = similarity(&row.vector, queries);
        if row.is_content {
            detail.content = similarity;
        }
        if row.is_part {
            detail.best_part = match (detail.best_part, similarity) {
                (Some(best), Some(similarity)) => Some(best.max(similarity)),
                (best, similarity) => best.or(similarity),
            };
        }
    }
    let mut ranked: Vec<(Uuid, f32)> = ranked
        .into_iter()
        .map(|(id, whole)| {
            let detail = details.remove(&id).unwrap_or_default();
            let sum = whole + detail.content.unwrap_or(whole) + detail.best_part.unwrap_or(whole);
            (id, sum / 3.0)
        })
        .collect();
    let count = ranked.len();
    keep_best(&mut ranked, count);
    Ok(ranked)
}

/// The summed similarity of a stored vector to all queries; `None` if their dimensions differ.
fn similarity(vector: &[u8], queries: &[Vector]) -> Option<f32> {
    let vector = Vector::from_bytes(vector)?;
    queries.iter().map(|query| vector.similarity(query)).sum()
}

fn keep_best(ranked: &mut Vec<(Uuid, f32)>, limit: usize) {
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    ranked.truncate(limit);
}
