//! Search in `PostgreSQL`, over vectors of our own terms. Every word must be a prefix of a word of the text; exact matches
//! come first; if nothing matches, similar words count.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use sqlx::postgres::PgArguments;
use uuid::Uuid;

use super::terms::{Conditions, vectors};
use super::{IndexedDocument, IndexedKind, SearchFilter, SearchQuery};
use crate::conversation::MessageRole;

/// Only the newest matches are ranked.
const MAX_RANKED: i64 = 500;

#[derive(Debug, Clone)]
pub struct Postgres {
    pool: PgPool,
}

/// The columns of rows to insert: a row for each vector of a text.
#[derive(Debug, Default)]
struct InsertColumns<'a> {
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

impl<'a> InsertColumns<'a> {
    fn new(documents: &'a [IndexedDocument]) -> Self {
        let mut rows = Self::default();
        for document in documents {
            for (part, vector) in (0..).zip(vectors(&document.content)) {
                rows.ids.push(document.id);
                rows.parts.push(part);
                rows.kinds.push(document.kind.into_str());
                rows.parents.push(document.parent_id);
                rows.scopes.push(document.scope_id);
                rows.roles
                    .push(document.role.as_ref().map(MessageRole::into_str));
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
        removed: &[Uuid],
    ) -> Result<(), sqlx::Error> {
        let rows = InsertColumns::new(documents);
        // A text that was longer before has more rows than it needs now.
        let longest = rows.parts.iter().copied().max().unwrap_or(0);
        let mut transaction = self.pool.begin().await?;
        sqlx::query!(
            "delete from search_documents where id = any($1) or (id = any($2) and part > $3)",
            removed,
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

    /// Exact matches come first, even if newer prefix matches would push them out of those that are ranked. Usually one
    /// statement is enough: exact matches of a short word fill the page, and a longer word has few prefix matches.
    pub(super) async fn find(&self, query: &SearchQuery) -> Result<Vec<Uuid>, sqlx::Error> {
        let Some(conditions) = Conditions::parse(&query.text) else {
            return Ok(vec![]);
        };
        let mut hits = Vec::new();
        if conditions.has_only_short_words {
            hits.extend(self.rank(query, &conditions, Precision::Exact).await?.ids());
        }
        if hits.len() < page_end(query) {
            let newest = self.rank(query, &conditions, Precision::Prefix).await?;
            hits.extend(newest.exact_ids());
            if newest.is_full && hits.len() < page_end(query) && !conditions.has_only_short_words {
                hits.extend(self.rank(query, &conditions, Precision::Exact).await?.ids());
            }
            hits.extend(newest.ids());
            let mut seen = HashSet::new();
            hits.retain(|id| seen.insert(*id));
        }
        match conditions.similar {
            Some(text) if hits.is_empty() && query.offset == 0 => {
                self.find_similar(query, &text).await
            }
            _ => Ok({ hits.into_iter() }
                .skip(query.offset)
                .take(query.limit)
                .collect()),
        }
    }

    /// Ranks the newest matches, best first, at least up to the end of the page.
    async fn rank(
        &self,
        query: &SearchQuery,
        conditions: &Conditions,
        precision: Precision,
    ) -> Result<RankedHits, sqlx::Error> {
        let sql = build_statement(query, precision);
        let condition = match precision {
            Precision::Exact => &conditions.exact,
            Precision::Prefix => &conditions.prefix,
        };
        let mut limit = page_end(query);
        loop {
            let bound = bind_query(sqlx::query_as(&sql).persistent(false), query);
            let rows: Vec<(Uuid, bool, bool)> = bound
                .bind(condition)
                .bind(&conditions.exact)
                .bind(&conditions.whole)
                .bind(&conditions.prefix)
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(&self.pool)
                .await?;
            let is_complete = rows.len() < limit;
            let ranked = RankedHits::new(rows);
            // Very long texts have several rows each.
            if is_complete || ranked.hits.len() >= page_end(query) {
                return Ok(ranked);
            }
            limit = limit.saturating_mul(2);
        }
    }

    /// Finds texts with similar words; none if the database lacks `pg_trgm`.
    async fn find_similar(
        &self,
        query: &SearchQuery,
        text: &str,
    ) -> Result<Vec<Uuid>, sqlx::Error> {
        let sql = format!(
            "select id from search_documents
             where $8 <% left(content, 50000) and (scope_id = $1 or scope_id = any($2)) {}
             group by id order by max(word_similarity($8, left(content, 50000))) desc, max(created_at) desc limit $9",
            filter_conditions(&query.filter)
        );
        let rows: Result<Vec<(Uuid,)>, sqlx::Error> = bind_query(sqlx::query_as(&sql), query)
            .bind(text)
            .bind(i64::try_from(query.limit).unwrap_or(i64::MAX))
            .fetch_all(&self.pool)
            .await;
        match rows {
            // The operator requires pg_trgm.
            Err(error) if is_undefined_function(&error) => Ok(vec![]),
            rows => Ok(rows?.into_iter().map(|row| row.0).collect()),
        }
    }
}

/// How closely a text must match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Precision {
    Exact,
    Prefix,
}

/// Matches, best first.
struct RankedHits {
    /// Each with whether it is an exact match.
    hits: Vec<(Uuid, bool)>,
    /// Whether there may be older matches that were not ranked.
    is_full: bool,
}

impl RankedHits {
    /// Keeps the best row of each text.
    fn new(rows: Vec<(Uuid, bool, bool)>) -> Self {
        let is_full = rows.first().is_some_and(|row| row.2);
        let mut seen = HashSet::new();
        let rows = rows.into_iter().filter(|row| seen.insert(row.0));
        Self {
            hits: rows.map(|(id, is_exact, _)| (id, is_exact)).collect(),
            is_full,
        }
    }

    fn ids(&self) -> impl Iterator<Item = Uuid> + '_ {
        self.hits.iter().map(|(id, _)| *id)
    }

    fn exact_ids(&self) -> impl Iterator<Item = Uuid> + '_ {
        self.hits
            .iter()
            .filter(|(_, is_exact)| *is_exact)
            .map(|(id, _)| *id)
    }
}

/// The number of hits up to the end of the requested page.
fn page_end(query: &SearchQuery) -> usize {
    query.offset.saturating_add(query.limit)
}

/// The statement of a search. Its columns: the text, whether it matches exactly, and whether there may be more. It is not
/// a checked query, because it must be planned for its words: a generic plan collects and sorts all matches, however many.
/// The reader's own texts are selected separately, because an index has them in order.
fn build_statement(query: &SearchQuery, precision: Precision) -> String {
    let restrictions = filter_conditions(&query.filter);
    let scopes = match query.shared_scopes.is_empty() {
        true => &["scope_id = $1"][..],
        false => &["scope_id = $1", "scope_id = any($2)"],
    };
    let newest = scopes.iter().map(|scope| {
        format!(
            "(select id, words, created_at from search_documents
              where words @@ $8::tsquery and {scope} {restrictions} order by created_at desc limit {MAX_RANKED})"
        )
    });
    let newest = newest.collect::<Vec<_>>().join(" union all ");
    match precision {
        Precision::Exact => format!(
            "select id, true, false from ({newest}) newest
             order by ts_rank(words, $11::tsquery) desc, created_at desc, id limit $12"
        ),
        Precision::Prefix => format!(
            "select id, fits = 2, count(*) over () >= {MAX_RANKED} from (
                 select id, created_at, ts_rank(words, $11::tsquery) as rank,
                        case when words @@ $9::tsquery then 2 else (words @@ $10::tsquery)::int end as fits
                 from ({newest}) newest) ranked
             order by fits desc, rank desc, created_at desc, id limit $12"
        ),
    }
}

/// The SQL conditions of a filter. Unused ones are left out, so that they are not planned.
fn filter_conditions(filter: &SearchFilter) -> String {
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
    let used = conditions.into_iter().filter(|(is_used, _)| *is_used);
    used.map(|(_, condition)| condition).collect()
}

type TypedQuery<'q, T> = sqlx::query::QueryAs<'q, sqlx::Postgres, T, PgArguments>;

/// Binds the first seven parameters, which all statements here share.
fn bind_query<'q, T>(statement: TypedQuery<'q, T>, query: &'q SearchQuery) -> TypedQuery<'q, T> {
    let filter = &query.filter;
    statement
        .bind(query.reader)
        .bind(&query.shared_scopes)
        .bind(filter.kind.as_ref().map(IndexedKind::into_str))
        .bind(filter.within)
        .bind(filter.role.as_ref().map(MessageRole::into_str))
        .bind(filter.since)
        .bind(filter.until)
}

fn is_undefined_function(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| code == "42883")
}
