//! The passages of documents, read in order or one by one.

use sqlx::PgPool;
use uuid::Uuid;

use crate::page::Page;

/// A passage as readers see one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassageView {
    pub id: Uuid,
    pub document_id: Uuid,
    pub knowledge_base_id: Uuid,
    pub number: i32,
    pub text: String,
    pub headings: Vec<String>,
    pub page: Option<i32>,
    pub page_name: Option<String>,
    /// The document's.
    pub name: String,
}

/// The passages of a document that are found, in their order.
pub async fn list(
    pool: &PgPool,
    document: Uuid,
    after: Option<i32>,
    limit: usize,
) -> Result<Page<PassageView, i32>, sqlx::Error> {
    let rows = sqlx::query_as!(
        PassageView,
        r#"select p.id, p.document_id, p.knowledge_base_id, p.number, p.body as "text", p.headings, p.page, p.page_name,
                  d.name
           from view_passages p join view_documents d on d.id = p.document_id and p.attempt = d.ready_attempt
           where p.document_id = $1 and p.number > $2 order by p.number limit $3"#,
        document,
        after.unwrap_or(-1),
        i64::try_from(limit + 1).unwrap_or(i64::MAX)
    )
    .fetch_all(pool)
    .await?;
    Ok(Page::from_rows(rows, limit, |passage| passage.number))
}

/// A passage of the same section as another, just before or after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    pub of: Uuid,
    pub is_before: bool,
    pub text: String,
}

/// What stands just before and after some passages in their sections and is none of them.
pub async fn neighbours(pool: &PgPool, ids: &[Uuid]) -> Result<Vec<Neighbour>, sqlx::Error> {
    sqlx::query_as!(
        Neighbour,
        r#"select p.id as of, n.number < p.number as "is_before!", n.body as "text"
           from view_passages p
           join view_passages n on n.document_id = p.document_id and n.attempt = p.attempt
                and n.number = any(array[p.number - 1, p.number + 1])
                and n.headings = p.headings and n.page_name is not distinct from p.page_name
           where p.id = any($1) and n.id <> all($1)"#,
        ids
    )
    .fetch_all(pool)
    .await
}

/// Some passages that are found, whoever reads them, in no order.
pub async fn find_many(pool: &PgPool, ids: &[Uuid]) -> Result<Vec<PassageView>, sqlx::Error> {
    sqlx::query_as!(
        PassageView,
        r#"select p.id, p.document_id, p.knowledge_base_id, p.number, p.body as "text", p.headings, p.page, p.page_name,
                  d.name
           from view_passages p join view_documents d on d.id = p.document_id and p.attempt = d.ready_attempt
           where p.id = any($1)"#,
        ids
    )
    .fetch_all(pool)
    .await
}
