//! Passages of documents, in order or by id.

use sqlx::PgPool;
use uuid::Uuid;

use crate::counts::to_i64;
use crate::page::Page;

/// A passage as readers see it.
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
    /// The name of the document.
    pub name: String,
}

/// A checked query of the passages `p` that search returns: its columns, followed by the rest of the statement.
macro_rules! select_passages {
    ($rest:literal $($arguments:tt)*) => {
        sqlx::query_as!(
            PassageView,
            r#"select p.id, p.document_id, p.knowledge_base_id, p.number, p.body as "text", p.headings, p.page,
                      p.page_name, d.name
               from view_passages p join view_documents d on d.id = p.document_id and p.attempt = d.ready_attempt "#
                + $rest
                $($arguments)*
        )
    };
}

/// Lists the searchable passages of a document, in order.
pub async fn list(
    pool: &PgPool,
    document: Uuid,
    after: Option<i32>,
    limit: usize,
) -> Result<Page<PassageView, i32>, sqlx::Error> {
    let rows = select_passages!(
        "where p.document_id = $1 and p.number > $2 order by p.number limit $3",
        document,
        after.unwrap_or(-1),
        to_i64(limit + 1)
    )
    .fetch_all(pool)
    .await?;
    Ok(Page::from_rows(rows, limit, |passage| passage.number))
}

/// The passage directly before or after another one in the same section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// The passage that it is next to.
    pub of: Uuid,
    pub is_before: bool,
    pub text: String,
}

/// Finds the passages directly before and after the given ones in their sections, without the given ones.
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

/// Finds searchable passages by id, without an access check and in no order.
pub async fn find_many(pool: &PgPool, ids: &[Uuid]) -> Result<Vec<PassageView>, sqlx::Error> {
    select_passages!("where p.id = any($1)", ids)
        .fetch_all(pool)
        .await
}
