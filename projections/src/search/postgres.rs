//! Search in `PostgreSQL`, over vectors of our own terms: every word must begin one of the text's words; what is written
//! exactly so comes first; where nothing fits, similar words count.

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use sqlx::postgres::PgArguments;
use uuid::Uuid;

use super::terms::{Conditions, vectors};
use super::{Document, Filter, Query};

/// The newest of what fits is ranked; what lies further back is not looked at.
const RANKED: i64 = 500;

#[derive(Debug, Clone)]
pub struct Postgres {
    pool: PgPool,
}

/// The columns of rows that are put in: a row for each vector of a text.
#[derive(Debug, Default)]
struct Rows<'a> {
    ids: Vec<Uuid>,
    parts: Vec<i32>,
    kinds: Vec<&'a str>,
    parents: Vec<Uuid>,
    scopes: Vec<Uuid>,
    roles: Vec<Option<&'a str>>,
    contents: Vec<&'a str>,
    words: Vec<String>,
    times: Vec<DateTime<Utc>>,
}

impl<'a> Rows<'a> {
    fn of(documents: &'a [Document]) -> Self {
        let mut rows = Self::default();
        for document in documents {
            for (part, vector) in (0..).zip(vectors(&document.content)) {
                rows.ids.push(document.id);
                rows.parts.push(part);
                rows.kinds.push(document.kind.name());
                rows.parents.push(document.parent_id);
                rows.scopes.push(document.scope_id);
                rows.roles.push(document.role.as_deref());
                rows.contents.push(&document.content[vector.range]);
                rows.words.push(vector.words);
                rows.times.push(document.created_at);
            }
        }
        rows
    }
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
        let rows = Rows::of(documents);
        // A text that was longer has left more rows behind than it has now.
        let longest = rows.parts.iter().copied().max().unwrap_or(0);
        let mut transaction = self.pool.begin().await?;
        sqlx::query!(
            "delete from search_documents where id = any($1) or (id = any($2) and part > $3)",
            gone,
            &rows.ids,
            if longest == 0 { 0 } else { -1 }
        )
        .execute(&mut *transaction)
        .await?;
        sqlx::query!(
            "insert into search_documents (id, part, kind, parent_id, scope_id, role, content, words, created_at)
             select id, part, kind, parent_id, scope_id, role, content, words::tsvector, created_at
             from unnest($1::uuid[], $2::int[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[],
                         $9::timestamptz[]) as d(id, part, kind, parent_id, scope_id, role, content, words, created_at)
             on conflict (id, part) do update set content = excluded.content, words = excluded.words,
                                                   role = excluded.role, scope_id = excluded.scope_id",
            &rows.ids,
            &rows.parts,
            &rows.kinds as &[&str],
            &rows.parents,
            &rows.scopes,
            &rows.roles as &[Option<&str>],
            &rows.contents as &[&str],
            &rows.words,
            &rows.times
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
        let Some(conditions) = Conditions::of(&query.text) else {
            return Ok(vec![]);
        };
        let offset = i64::try_from(query.offset).unwrap_or(i64::MAX);
        let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
        let sql = statement(query, &conditions);
        let found = narrowing(sqlx::query_scalar(&sql), query)
            .bind(&conditions.loose)
            .bind(&conditions.whole)
            .bind(&conditions.exact)
            .bind(offset)
            .bind(limit)
            .fetch_all(&self.pool)
            .await?;
        match conditions.similar {
            Some(text) if found.is_empty() && query.offset == 0 => {
                self.similar(query, &text, limit).await
            }
            _ => Ok(found),
        }
    }

    /// Texts that hold words like these; none where the database cannot compare words.
    async fn similar(
        &self,
        query: &Query,
        text: &str,
        limit: i64,
    ) -> Result<Vec<Uuid>, sqlx::Error> {
        let sql = format!(
            "select id from search_documents
             where $8 <% left(content, 50000) and (scope_id = $1 or scope_id = any($2)) {}
             group by id order by max(word_similarity($8, left(content, 50000))) desc, max(created_at) desc limit $9",
            narrowed(&query.filter)
        );
        let found = narrowing(sqlx::query_scalar(&sql), query)
            .bind(text)
            .bind(limit)
            .fetch_all(&self.pool)
            .await;
        match found {
            // Without pg_trgm there is no such operator.
            Err(error) if is_undefined(&error) => Ok(vec![]),
            found => found,
        }
    }
}

/// The search for some conditions. It is planned for these words each time, which checked queries cannot be: a plan for any
/// words collects and sorts all that fit, however many. One's own texts are asked for apart, as an index has them in their
/// order. What merely begins so is looked at only where too little is written exactly so, so that it can never push that
/// out of what is ranked.
fn statement(query: &Query, conditions: &Conditions) -> String {
    let narrowed = narrowed(&query.filter);
    let scopes = match query.shared.is_empty() {
        true => &["scope_id = $1"][..],
        false => &["scope_id = $1", "scope_id = any($2)"],
    };
    let newest = |condition: &str, fits: &str, further: &str| {
        let each = scopes.iter().map(|scope| {
            format!(
                "(select id, words, created_at, {fits} as fits from search_documents
                  where words @@ {condition}::tsquery and {scope} {narrowed}{further}
                  order by created_at desc limit {RANKED})"
            )
        });
        each.collect::<Vec<_>>().join(" union all ")
    };
    let (with, hits) = if conditions.exact == conditions.loose {
        (String::new(), newest("$8", "2", ""))
    } else {
        let few = format!(" and (select count(*) from exact) < {RANKED}");
        let loose = newest("$8", "(words @@ $9::tsquery)::int", &few);
        (
            format!("with exact as materialized ({}) ", newest("$10", "2", "")),
            format!("select * from exact union all {loose}"),
        )
    };
    format!(
        "{with}select id from ({hits}) hits group by id
         order by max(fits) desc, max(ts_rank(words, $8::tsquery)) desc, max(created_at) desc, id offset $11 limit $12"
    )
}

/// What narrows a search; what is not asked for is not planned.
fn narrowed(filter: &Filter) -> String {
    let conditions = [
        (filter.kind.is_some(), "and kind = $3 "),
        (
            filter.within.is_some(),
            "and (parent_id = $4 or scope_id = $4) ",
        ),
        (filter.role.is_some(), "and role = $5 "),
        (filter.since.is_some(), "and created_at >= $6 "),
        (filter.until.is_some(), "and created_at < $7 "),
    ];
    let asked = conditions.into_iter().filter(|one| one.0);
    asked.map(|one| one.1).collect()
}

type Asked<'q> = sqlx::query::QueryScalar<'q, sqlx::Postgres, Uuid, PgArguments>;

/// The first seven parameters, which are those of every query here.
fn narrowing<'q>(asked: Asked<'q>, query: &'q Query) -> Asked<'q> {
    let filter = &query.filter;
    asked
        .persistent(false)
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
