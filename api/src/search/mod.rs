//! Search in everything that the caller may read: conversations, messages, assistants, documents and their passages.

mod snippet;
mod wire;

use chrono::{DateTime, Datelike, Utc};
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use projections::knowledge::fusion::fuse;
use projections::knowledge::{queries as knowledge, retrieval};
use projections::search::terms::Marker;
use projections::search::{
    EVERYBODY, IndexedKind, SearchError, SearchFilter, SearchQuery, hits, position,
};
use uuid::Uuid;

pub use self::wire::Fragment;
use self::wire::{Facets, SearchHit, SearchKind, SearchMode, SearchPage, SearchRole};
use crate::http::{Ctx, Problem, Tag, Unversioned};
use crate::state::{App, READ_WAIT};

/// Longest search text, in characters.
const MAX_QUERY: usize = 500;
/// Number of hits that can be paged through and counted.
const MAX_HITS: usize = 500;

#[derive(Debug, Clone, Copy)]
pub struct SearchApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Search")]
impl SearchApi {
    /// Searches everything that the caller may read.
    ///
    /// Searches the caller's conversations, assistants, and documents that the caller may read.
    #[oai(path = "/search", method = "get", operation_id = "search")]
    #[allow(
        clippy::too_many_arguments,
        reason = "each is a parameter of the operation"
    )]
    async fn search(
        &self,
        ctx: Ctx,
        /// The words to search for, or their beginnings; 1 to 500 characters.
        q: Query<String>,
        /// Only hits of this kind.
        kind: Query<Option<SearchKind>>,
        /// Only in this conversation.
        conversation_id: Query<Option<Uuid>>,
        /// Only in this knowledge base.
        knowledge_base_id: Query<Option<Uuid>>,
        /// Only messages that the caller wrote, or that assistants wrote.
        role: Query<Option<SearchRole>>,
        /// Only what was created at this time or later, to the second.
        since: Query<Option<DateTime<Utc>>>,
        /// Only what was created before this time, to the second.
        until: Query<Option<DateTime<Utc>>>,
        /// How to search; `words` by default. `hybrid` also finds passages by meaning, unless `role`, `since` or
        /// `until` is given.
        mode: Query<Option<SearchMode>>,
        /// Whether to count hits by kind, role and knowledge base.
        facets: Query<Option<bool>>,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<SearchPage>, Problem> {
        let text = search_text("q", &q.0, MAX_QUERY)?;
        let reader = ctx.caller.id;
        let filter = SearchFilter {
            kind: kind.0.map(Into::into),
            within: search_scope(conversation_id.0, knowledge_base_id.0)?,
            role: role.0.map(role_name),
            since: check_time("since", since.0)?,
            until: check_time("until", until.0)?,
        };
        let query = format!("search {text} {filter:?} {:?}", mode.0);
        let page = ctx.page(query, limit.0, cursor.0.as_deref())?;
        let (offset, limit) = (page.after.unwrap_or(0), page.limit);
        let position = ctx.read_position().await?;
        wait_for_index(&ctx.app, ctx.meta.min_position).await?;
        let search_query = SearchQuery {
            reader,
            shared_scopes: shared_scopes(&ctx.app, reader, kind.0).await?,
            text: text.to_owned(),
            filter,
            offset,
            limit,
        };
        let near = match mode.0 {
            Some(SearchMode::Hybrid) => similar_passages(&ctx.app, &search_query).await?,
            Some(SearchMode::Words) | None => None,
        };
        let found = find(&ctx.app, &search_query, near.as_deref()).await?;
        let next = offset + limit;
        let more = found.len() == limit && next < MAX_HITS;
        // The index may be stale, so hits are checked against the current rights of the reader.
        let hits = hits::load(&ctx.pool, reader, &found).await?;
        let marker = Marker::new(text);
        let results = SearchPage {
            items: hits
                .into_iter()
                .map(|hit| SearchHit::new(hit, &marker))
                .collect(),
            next_cursor: more.then(|| ctx.cursor(&page, &next)).flatten(),
            facets: match facets.0 {
                Some(true) => Some(count(&ctx.app, search_query, near.as_deref()).await?),
                Some(false) | None => None,
            },
            by_meaning: near.is_some(),
        };
        Ok(Unversioned::new(results, position))
    }
}

/// Waits until the index, which follows the views, includes a position.
async fn wait_for_index(app: &App, min_position: Option<i64>) -> Result<(), Problem> {
    let Some(position_wanted) = min_position else {
        return Ok(());
    };
    let reached =
        position::wait_for(&app.pool, app.search.name(), position_wanted, READ_WAIT).await?;
    match reached >= position_wanted {
        true => Ok(()),
        false => Err(Problem::unavailable(
            "projection_behind",
            "your changes are stored but not in the search index yet; try again",
        )),
    }
}

/// The ids of the hits of a page. If similar passages are given, merges them with the hits by words.
async fn find(
    app: &App,
    search_query: &SearchQuery,
    near: Option<&[Uuid]>,
) -> Result<Vec<Uuid>, Problem> {
    let Some(near) = near else {
        return app.search.find(search_query).await.map_err(search_problem);
    };
    let all = SearchQuery {
        offset: 0,
        limit: MAX_HITS,
        ..search_query.clone()
    };
    let found = app.search.find(&all).await.map_err(search_problem)?;
    // All hits contain every word, so they have the same score.
    let found: Vec<(Uuid, f64)> = found.into_iter().map(|id| (id, 1.0)).collect();
    let merged = fuse(&found, near).into_iter().map(|one| one.0);
    Ok(merged
        .skip(search_query.offset)
        .take(search_query.limit)
        .collect())
}

/// The passages that are most similar in meaning; none if the filter excludes passages or no embedding model is
/// configured.
async fn similar_passages(
    app: &App,
    search_query: &SearchQuery,
) -> Result<Option<Vec<Uuid>>, Problem> {
    let filter = &search_query.filter;
    let passages = filter.kind.is_none_or(|kind| kind == IndexedKind::Passage);
    let unbounded_in_time = filter.since.is_none() && filter.until.is_none();
    if !passages || !unbounded_in_time || filter.role.is_some() {
        return Ok(None);
    }
    let mut bases = search_query.shared_scopes.clone();
    bases.retain(|id| filter.within.is_none_or(|within| within == *id));
    let embedder = app.embedder.as_deref();
    Ok(retrieval::find_nearest(&app.pool, embedder, &bases, &search_query.text).await?)
}

/// Counts the best hits by kind, role and knowledge base, regardless of the requested kind.
async fn count(
    app: &App,
    search_query: SearchQuery,
    near: Option<&[Uuid]>,
) -> Result<Facets, Problem> {
    let all = SearchQuery {
        shared_scopes: shared_scopes(app, search_query.reader, None).await?,
        filter: SearchFilter {
            kind: None,
            ..search_query.filter
        },
        offset: 0,
        limit: MAX_HITS,
        ..search_query
    };
    let found = find(app, &all, near).await?;
    let counts = hits::count(&app.pool, all.reader, &found).await?;
    let bases: Vec<Uuid> = counts.knowledge_bases.keys().copied().collect();
    let names = knowledge::names(&app.pool, &bases).await?;
    Ok(Facets::new(counts, |id| names.get(id).cloned()))
}

/// The conversation or knowledge base that the search is limited to.
fn search_scope(conversation: Option<Uuid>, base: Option<Uuid>) -> Result<Option<Uuid>, Problem> {
    match (conversation, base) {
        (Some(_), Some(_)) => Err(Problem::invalid(
            "knowledge_base_id",
            "one_of_two",
            "send either conversation_id or knowledge_base_id",
        )),
        (one, other) => Ok(one.or(other)),
    }
}

/// Checks that RFC 3339 can represent a time, because the database cannot compare others.
fn check_time(name: &str, at: Option<DateTime<Utc>>) -> Result<Option<DateTime<Utc>>, Problem> {
    match at {
        Some(at) if !(0..=9_999).contains(&at.year()) => Err(Problem::invalid(
            name,
            "out_of_range",
            format!("{name} must be in the years 0000 to 9999"),
        )),
        at => Ok(at),
    }
}

fn role_name(role: SearchRole) -> String {
    match role {
        SearchRole::User => "user".to_owned(),
        SearchRole::Assistant => "assistant".to_owned(),
    }
}

/// The scopes, besides the reader's own, in which the reader may search. Conversations are never shared.
async fn shared_scopes(
    app: &App,
    reader: Uuid,
    kind: Option<SearchKind>,
) -> Result<Vec<Uuid>, Problem> {
    if matches!(kind, Some(SearchKind::Message | SearchKind::Conversation)) {
        return Ok(vec![]);
    }
    let mut shared = knowledge::list_readable(&app.pool, reader).await?;
    shared.push(EVERYBODY);
    Ok(shared)
}

/// Checks and trims a search text; `pointer` names its field or parameter.
pub(crate) fn search_text<'a>(
    pointer: &str,
    text: &'a str,
    longest: usize,
) -> Result<&'a str, Problem> {
    let (text, name) = (text.trim(), pointer.trim_start_matches('/'));
    let (code, detail) = if text.is_empty() {
        ("empty", format!("{name} must not be empty"))
    } else if text.chars().count() > longest {
        (
            "too_long",
            format!("{name} must have at most {longest} characters"),
        )
    } else if text.contains('\0') {
        (
            "control_character",
            format!("{name} must not contain U+0000"),
        )
    } else {
        return Ok(text);
    };
    Err(Problem::invalid(pointer, code, detail))
}

fn search_problem(error: SearchError) -> Problem {
    match error {
        SearchError::Database(error) => error.into(),
        SearchError::Meilisearch(error) => {
            tracing::warn!(error, "cannot reach the search engine");
            Problem::unavailable(
                "search_unavailable",
                "the search engine is unavailable; try again",
            )
        }
    }
}
