//! What a model is still to embed, and what it has said.

use std::collections::{HashMap, HashSet};

use domain::document::Vector;
use futures_util::TryStreamExt;
use sqlx::PgPool;
use uuid::Uuid;

use super::forms::{Forms, hex};

/// A document some of whose passages have no vector of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnembeddedDocument {
    pub id: Uuid,
    /// The attempt whose passages are found.
    pub attempt: i32,
    /// Why this model failed on it, where it did.
    pub error: Option<String>,
}

/// A text that is embedded for a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbeddingText {
    /// In hex, as events name it.
    pub digest: String,
    pub text: String,
}

/// Documents that a model is to embed and that nobody holds; those that it failed on last, or not at all.
pub async fn list_pending(
    pool: &PgPool,
    model: &str,
    failed_too: bool,
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
        failed_too,
        limit
    )
    .fetch_all(pool)
    .await
}

/// Texts of an attempt that have no vector of a model, in their order; some of them.
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
    let mut known = HashSet::new();
    let mut texts = Vec::new();
    for row in rows {
        let forms = Forms::of(&row.headings, &row.body, &row.dictionary);
        let lacking = row.lacking.into_iter();
        texts.extend(
            lacking
                .filter(|one| known.insert(one.clone()))
                .map(|one| EmbeddingText {
                    text: forms.text(&one).to_owned(),
                    digest: hex(&one),
                }),
        );
    }
    texts.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(texts)
}

/// Whether a model has embedded some document of these knowledge bases.
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

/// The passages of some knowledge bases that are nearest to some vectors together, nearest first: each of them is looked
/// at, and those whose whole text is near are put in order by their words and the best of their parts as well.
pub async fn find_nearest(
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
        if let Some(near) = similarity(&row.vector, to) {
            found.push((row.id, near));
        }
        // Cut now and then, so that a million passages are not all kept.
        if found.len() >= limit.max(1) * 16 {
            cut(&mut found, limit);
        }
    }
    cut(&mut found, limit);
    closer(pool, (model, to), found).await
}

/// In what way a vector stands for a passage.
#[derive(Default)]
struct Near {
    content: Option<f32>,
    part: Option<f32>,
}

/// What is near as a whole, in the order in which the whole, its words and the best of its parts are near together. What
/// has no vector of its own yet is as near as the whole.
async fn closer(
    pool: &PgPool,
    (model, to): (&str, &[Vector]),
    found: Vec<(Uuid, f32)>,
) -> Result<Vec<(Uuid, f32)>, sqlx::Error> {
    let ids: Vec<Uuid> = found.iter().map(|one| one.0).collect();
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
    let mut each: HashMap<Uuid, Near> = HashMap::new();
    for row in rows {
        let near = each.entry(row.id).or_default();
        let similar = similarity(&row.vector, to);
        if row.is_content {
            near.content = similar;
        }
        if row.is_part {
            near.part = match (near.part, similar) {
                (Some(best), Some(similar)) => Some(best.max(similar)),
                (best, similar) => best.or(similar),
            };
        }
    }
    let mut found: Vec<(Uuid, f32)> = found
        .into_iter()
        .map(|(id, whole)| {
            let near = each.remove(&id).unwrap_or_default();
            let others = near.content.unwrap_or(whole) + near.part.unwrap_or(whole);
            (id, (whole + others) / 3.0)
        })
        .collect();
    let all = found.len();
    cut(&mut found, all);
    Ok(found)
}

/// How near a stored vector is to some together; none where their dimensions differ.
fn similarity(vector: &[u8], to: &[Vector]) -> Option<f32> {
    let vector = Vector::from_bytes(vector)?;
    to.iter().map(|to| vector.similarity(to)).sum()
}

fn cut(found: &mut Vec<(Uuid, f32)>, limit: usize) {
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    found.truncate(limit);
}
