//! Finds the hits of a search.

use projections::knowledge::fusion::fuse;
use projections::knowledge::{queries as knowledge, retrieval};
use projections::search::terms::Marker;
use projections::search::{
    EVERYBODY, IndexedKind, SearchError, SearchFilter, SearchQuery, hits, position,
};
use uuid::Uuid;

use super::wire::{Facets, SearchHit, SearchMode, SearchPage};
use crate::http::{Ctx, PageRequest, Problem};
use crate::state::{App, READ_WAIT};

/// Number of hits that can be paged through and counted.
const MAX_HITS: usize = 500;

/// Waits until the index, which follows the views, includes a position.
pub(super) async fn wait_for_index(app: &App, min_position: Option<i64>) -> Result<(), Problem> {
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

/// Finds a page of hits, and counts hits if that is requested.
pub(super) async fn find_page(
    ctx: &Ctx,
    (text, filter): (&str, SearchFilter),
    (mode, facets): (Option<SearchMode>, Option<bool>),
    page: &PageRequest<usize>,
) -> Result<SearchPage, Problem> {
    let (reader, offset, limit) = (ctx.caller.id, page.after.unwrap_or(0), page.limit);
    let search_query = SearchQuery {
        reader,
        shared_scopes: shared_scopes(&ctx.app, reader, filter.kind).await?,
        text: text.to_owned(),
        filter,
        offset,
        limit,
    };
    let near = match mode {
        Some(SearchMode::Hybrid) => similar_passages(&ctx.app, &search_query).await?,
        Some(SearchMode::Words) | None => None,
    };
    let found = find(&ctx.app, &search_query, near.as_deref()).await?;
    let next = offset + limit;
    let more = found.len() == limit && next < MAX_HITS;
    // The index may be stale, so hits are checked against the current rights of the reader.
    let hits = hits::load(&ctx.pool, reader, &found).await?;
    let marker = Marker::new(text);
    Ok(SearchPage {
        items: hits
            .into_iter()
            .map(|hit| SearchHit::new(hit, &marker))
            .collect(),
        next_cursor: more.then(|| ctx.cursor(page, &next)).flatten(),
        facets: match facets {
            Some(true) => Some(count(&ctx.app, search_query, near.as_deref()).await?),
            Some(false) | None => None,
        },
        by_meaning: near.is_some(),
    })
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

/// The scopes, besides the reader's own, in which the reader may search. Conversations are never shared.
async fn shared_scopes(
    app: &App,
    reader: Uuid,
    kind: Option<IndexedKind>,
) -> Result<Vec<Uuid>, Problem> {
    if matches!(kind, Some(IndexedKind::Message | IndexedKind::Conversation)) {
        return Ok(vec![]);
    }
    let mut shared = knowledge::list_readable(&app.pool, reader).await?;
    shared.push(EVERYBODY);
    Ok(shared)
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
