//! Search in `PostgreSQL`, over vectors of our own terms: every word must begin one of the text's words; what is written
//! exactly so comes first; where nothing fits, similar words count.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use sqlx::postgres::PgArguments;
use uuid::Uuid;

use super::terms::{Conditions, vectors};
use super::{IndexedDocument, SearchFilter, SearchQuery};

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
    fn of(documents: &'a [IndexedDocument]) -> Self {
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

    pub(super) async fn update(
        &self,
        documents: &[IndexedDocument],
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

    pub(super) async fn remove_within(&self, within: &[Uuid]) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "delete from search_documents where parent_id = any($1) or scope_id = any($1)",
            within
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    pub(super) async fn refresh_statistics(&self) -> Result<(), sqlx::Error> {
        sqlx::query("analyze search_documents")
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// What is written exactly so comes first, also where newer texts that merely begin so would push it out of what is
    /// ranked. One statement is enough, as a rule: a short word mostly fills the page by itself, and texts that begin with
    /// a longer one are mostly few.
    pub(super) async fn find(&self, query: &SearchQuery) -> Result<Vec<Uuid>, sqlx::Error> {
        let Some(conditions) = Conditions::parse(&query.text) else {
            return Ok(vec![]);
        };
        let (exactly, loosely) = (Fits::Exactly, Fits::Loosely);
        let mut found = Vec::new();
        if conditions.begins_many {
            found.extend(self.ranked(query, &conditions, exactly).await?.all());
        }
        if found.len() < end(query) {
            let newest = self.ranked(query, &conditions, loosely).await?;
            found.extend(newest.exact());
            if newest.is_full && found.len() < end(query) && !conditions.begins_many {
                found.extend(self.ranked(query, &conditions, exactly).await?.all());
            }
            found.extend(newest.all());
            let mut seen = HashSet::new();
            found.retain(|id| seen.insert(*id));
        }
        match conditions.similar {
            Some(text) if found.is_empty() && query.offset == 0 => self.similar(query, &text).await,
            _ => Ok({ found.into_iter() }
                .skip(query.offset)
                .take(query.limit)
                .collect()),
        }
    }

    /// The newest texts that fit, the best first, up to the end of the page.
    async fn ranked(
        &self,
        query: &SearchQuery,
        conditions: &Conditions,
        fits: Fits,
    ) -> Result<Ranked, sqlx::Error> {
        let sql = statement(query, fits);
        let condition = match fits {
            Fits::Exactly => &conditions.exact,
            Fits::Loosely => &conditions.loose,
        };
        let mut limit = end(query);
        loop {
            let asked = narrowing(sqlx::query_as(&sql).persistent(false), query);
            let rows: Vec<(Uuid, bool, bool)> = asked
                .bind(condition)
                .bind(&conditions.exact)
                .bind(&conditions.whole)
                .bind(&conditions.loose)
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(&self.pool)
                .await?;
            let is_all = rows.len() < limit;
            let ranked = Ranked::new(rows);
            // The longest texts have several rows each.
            if is_all || ranked.found.len() >= end(query) {
                return Ok(ranked);
            }
            limit = limit.saturating_mul(2);
        }
    }

    /// Texts that hold words like these; none where the database cannot compare words.
    async fn similar(&self, query: &SearchQuery, text: &str) -> Result<Vec<Uuid>, sqlx::Error> {
        let sql = format!(
            "select id from search_documents
             where $8 <% left(content, 50000) and (scope_id = $1 or scope_id = any($2)) {}
             group by id order by max(word_similarity($8, left(content, 50000))) desc, max(created_at) desc limit $9",
            narrowed(&query.filter)
        );
        let found: Result<Vec<(Uuid,)>, sqlx::Error> = narrowing(sqlx::query_as(&sql), query)
            .bind(text)
            .bind(i64::try_from(query.limit).unwrap_or(i64::MAX))
            .fetch_all(&self.pool)
            .await;
        match found {
            // Without pg_trgm there is no such operator.
            Err(error) if is_undefined(&error) => Ok(vec![]),
            found => Ok(found?.into_iter().map(|row| row.0).collect()),
        }
    }
}

/// How closely a text must fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fits {
    Exactly,
    Loosely,
}

/// Texts that fit, the best first.
struct Ranked {
    /// Whether each is written exactly so.
    found: Vec<(Uuid, bool)>,
    /// Whether there may be more that fit, further back.
    is_full: bool,
}

impl Ranked {
    /// Each text once, where its best row stands.
    fn new(rows: Vec<(Uuid, bool, bool)>) -> Self {
        let is_full = rows.first().is_some_and(|row| row.2);
        let mut seen = HashSet::new();
        let rows = rows.into_iter().filter(|row| seen.insert(row.0));
        Self {
            found: rows.map(|(id, is_exact, _)| (id, is_exact)).collect(),
            is_full,
        }
    }

    fn all(&self) -> impl Iterator<Item = Uuid> + '_ {
        self.found.iter().map(|one| one.0)
    }

    fn exact(&self) -> impl Iterator<Item = Uuid> + '_ {
        self.found.iter().filter(|one| one.1).map(|one| one.0)
    }
}

/// Texts up to the end of the page that is asked for.
fn end(query: &SearchQuery) -> usize {
    query.offset.saturating_add(query.limit)
}

/// The search for a condition: texts, whether each is written exactly so, and whether there may be more. It is planned for
/// these words each time, which checked queries cannot be: a plan for any words collects and sorts all that fit, however
/// many. One's own texts are asked for apart, as an index has them in their order.
fn statement(query: &SearchQuery, fits: Fits) -> String {
    let narrowed = narrowed(&query.filter);
    let scopes = match query.shared_scopes.is_empty() {
        true => &["scope_id = $1"][..],
        false => &["scope_id = $1", "scope_id = any($2)"],
    };
    let newest = scopes.iter().map(|scope| {
        format!(
            "(select id, words, created_at from search_documents
              where words @@ $8::tsquery and {scope} {narrowed} order by created_at desc limit {RANKED})"
        )
    });
    let newest = newest.collect::<Vec<_>>().join(" union all ");
    match fits {
        Fits::Exactly => format!(
            "select id, true, false from ({newest}) newest
             order by ts_rank(words, $11::tsquery) desc, created_at desc, id limit $12"
        ),
        Fits::Loosely => format!(
            "select id, fits = 2, count(*) over () >= {RANKED} from (
                 select id, created_at, ts_rank(words, $11::tsquery) as rank,
                        case when words @@ $9::tsquery then 2 else (words @@ $10::tsquery)::int end as fits
                 from ({newest}) newest) ranked
             order by fits desc, rank desc, created_at desc, id limit $12"
        ),
    }
}

/// What narrows a search; what is not asked for is not planned.
fn narrowed(filter: &SearchFilter) -> String {
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

type Asked<'q, T> = sqlx::query::QueryAs<'q, sqlx::Postgres, T, PgArguments>;

/// The first seven parameters, which are those of every query here.
fn narrowing<'q, T>(asked: Asked<'q, T>, query: &'q SearchQuery) -> Asked<'q, T> {
    let filter = &query.filter;
    asked
        .bind(query.reader)
        .bind(&query.shared_scopes)
        .bind(filter.kind.map(super::IndexedKind::name))
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
