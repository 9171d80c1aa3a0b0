//! Full text in `PostgreSQL`: every word must begin one of the text's words; where nothing does, similar words count.

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use sqlx::postgres::PgArguments;
use uuid::Uuid;

use super::{Document, Query, words};

/// The newest of what fits is ranked; what lies further back is not looked at.
const RANKED: i64 = 500;

/// What narrows a search; what is not asked for costs nothing, since the query is planned with what is.
macro_rules! narrowed {
    () => {
        "and ($4::text is null or kind = $4) and ($5::uuid is null or parent_id = $5 or scope_id = $5)
         and ($6::text is null or role = $6) and ($7::timestamptz is null or created_at >= $7)
         and ($8::timestamptz is null or created_at < $8) "
    };
}

#[derive(Debug, Clone)]
pub struct Postgres {
    pool: PgPool,
}

impl Postgres {
    pub fn new(pool: PgPool) -> Self {
        Self { pool }
    }

    pub(super) async fn put(
        &self,
        documents: &[Document],
        gone: &[Uuid],
    ) -> Result<(), sqlx::Error> {
        let mut transaction = self.pool.begin().await?;
        if !gone.is_empty() {
            sqlx::query!("delete from search_documents where id = any($1)", gone)
                .execute(&mut *transaction)
                .await?;
        }
        let ids: Vec<Uuid> = documents.iter().map(|d| d.id).collect();
        let kinds: Vec<&str> = documents.iter().map(|d| d.kind.name()).collect();
        let parents: Vec<Uuid> = documents.iter().map(|d| d.parent_id).collect();
        let scopes: Vec<Uuid> = documents.iter().map(|d| d.scope_id).collect();
        let roles: Vec<Option<&str>> = documents.iter().map(|d| d.role.as_deref()).collect();
        let contents: Vec<&str> = documents.iter().map(|d| d.content.as_str()).collect();
        let times: Vec<DateTime<Utc>> = documents.iter().map(|d| d.created_at).collect();
        sqlx::query!(
            "insert into search_documents (id, kind, parent_id, scope_id, role, content, created_at)
             select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::text[],
                                  $7::timestamptz[])
             on conflict (id) do update set content = excluded.content, role = excluded.role,
                                             scope_id = excluded.scope_id",
            &ids,
            &kinds as &[&str],
            &parents,
            &scopes,
            &roles as &[Option<&str>],
            &contents as &[&str],
            &times
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await
    }

    pub(super) async fn clear(&self, within: &[Uuid]) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "delete from search_documents where parent_id = any($1) or scope_id = any($1)",
            within
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    pub(super) async fn tell_planner(&self) -> Result<(), sqlx::Error> {
        sqlx::query("analyze search_documents")
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    pub(super) async fn find(&self, query: &Query) -> Result<Vec<Uuid>, sqlx::Error> {
        let words = words(&query.text);
        if words.is_empty() {
            return Ok(vec![]);
        }
        // Quoted, so that no word is read as an operator.
        let wanted: Vec<String> = words.iter().map(|word| format!("'{word}':*")).collect();
        // Planned for these words each time, which checked queries cannot be: a plan for any words collects and sorts
        // all that fit, however many. One's own texts are asked for apart, as an index has them in their order.
        let sql = concat!(
            "select id from (
                 (select id, words, created_at from search_documents
                  where words @@ to_tsquery('simple', $1) and scope_id = $2 ",
            narrowed!(),
            "     order by created_at desc limit $9)
                 union all
                 (select id, words, created_at from search_documents
                  where words @@ to_tsquery('simple', $1) and scope_id = any($3) ",
            narrowed!(),
            "     order by created_at desc limit $9)) newest
             order by ts_rank(words, to_tsquery('simple', $1)) desc, created_at desc, id offset $10 limit $11"
        );
        let found = asked(sql, &wanted.join(" & "), query)
            .bind(RANKED)
            .bind(i64::try_from(query.offset).unwrap_or(i64::MAX))
            .bind(i64::try_from(query.limit).unwrap_or(i64::MAX))
            .fetch_all(&self.pool)
            .await?;
        if !found.is_empty() || query.offset > 0 {
            return Ok(found);
        }
        self.similar(query, &words.join(" ")).await
    }

    /// Texts that hold words like these; none where the database cannot compare words.
    async fn similar(&self, query: &Query, text: &str) -> Result<Vec<Uuid>, sqlx::Error> {
        let sql = concat!(
            "select id from search_documents
             where $1 <% left(content, 50000) and (scope_id = $2 or scope_id = any($3)) ",
            narrowed!(),
            "order by word_similarity($1, left(content, 50000)) desc, created_at desc limit $9"
        );
        let found = asked(sql, text, query)
            .bind(i64::try_from(query.limit).unwrap_or(i64::MAX))
            .fetch_all(&self.pool)
            .await;
        match found {
            // Without pg_trgm there is no such operator.
            Err(error) if is_undefined(&error) => Ok(vec![]),
            found => found,
        }
    }
}

type Asked<'q> = sqlx::query::QueryScalar<'q, sqlx::Postgres, Uuid, PgArguments>;

/// A query for ids with the first eight of its parameters, which are those of every query here.
fn asked<'q>(sql: &'q str, text: &'q str, query: &'q Query) -> Asked<'q> {
    let filter = &query.filter;
    sqlx::query_scalar(sql)
        .persistent(false)
        .bind(text)
        .bind(query.reader)
        .bind(&query.shared)
        .bind(filter.kind.map(super::Kind::name))
        .bind(filter.within)
        .bind(&filter.role)
        .bind(filter.since)
        .bind(filter.until)
}

fn is_undefined(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| code == "42883")
}
