//! Search over everything that one may read: conversations, messages, assistants, documents and their passages.

mod request;
mod snippet;

use std::sync::Arc;

use chrono::{DateTime, Datelike, Utc};
use poem::Result;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use projections::knowledge::fusion::fuse;
use projections::knowledge::{queries as knowledge, retrieval};
use projections::search::terms::Marker;
use projections::search::{EVERYBODY, Filter, Kind, Query as Wanted, SearchError, position, shown};
use uuid::Uuid;

pub use self::request::Fragment;
use self::request::{Facets, SearchHit, SearchKind, SearchMode, SearchPage, SearchRole};
use crate::answer::Plain;
use crate::auth::Auth;
use crate::cursor::{self, Query as CursorQuery};
use crate::head::Head;
use crate::problem::Problem;
use crate::state::{App, READ_WAIT};
use crate::tag::Tag;

/// Longest text that is looked for, in characters.
const LONGEST: usize = 500;
/// Hits that can be paged through, and that are counted.
const DEEPEST: usize = 500;

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
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
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
        /// How to search; `words` by default. `hybrid` also finds passages by meaning, unless `role`, `since` or `until` is given.
        mode: Query<Option<SearchMode>>,
        /// Whether to count hits by kind, role and knowledge base.
        facets: Query<Option<bool>>,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Plain<SearchPage>, Problem> {
        let limit = cursor::limit(limit.0)?;
        let text = looked_for("q", &q.0, LONGEST)?;
        let reader = auth.0.id;
        let filter = Filter {
            kind: kind.0.map(Into::into),
            within: within(conversation_id.0, knowledge_base_id.0)?,
            role: role.0.map(name),
            since: moment("since", since.0)?,
            until: moment("until", until.0)?,
        };
        let cursor_text = format!("search {text} {filter:?} {:?}", mode.0);
        let query = CursorQuery {
            reader,
            text: &cursor_text,
        };
        let offset = app.parse_cursor(query, cursor.0.as_deref())?.unwrap_or(0);
        let position = app.read_position(reader, head.min_position).await?;
        wait_for_index(&app, head.min_position).await?;
        let wanted = Wanted {
            reader,
            shared: shared(&app, reader, kind.0).await?,
            text: text.to_owned(),
            filter,
            offset,
            limit,
        };
        let near = match mode.0 {
            Some(SearchMode::Hybrid) => near(&app, &wanted).await?,
            Some(SearchMode::Words) | None => None,
        };
        let found = find(&app, &wanted, near.as_deref()).await?;
        let next = offset + limit;
        let more = found.len() == limit && next < DEEPEST;
        // What an engine returns is checked against the reader's rights as they are now.
        let hits = shown::of(&app.pool, reader, &found).await?;
        let marker = Marker::new(text);
        let page = SearchPage {
            items: hits
                .into_iter()
                .map(|hit| SearchHit::new(hit, &marker))
                .collect(),
            next_cursor: more.then(|| app.cursor(query, &next)).flatten(),
            facets: match facets.0 {
                Some(true) => Some(count(&app, wanted, near.as_deref()).await?),
                Some(false) | None => None,
            },
            by_meaning: near.is_some(),
        };
        Ok(Plain::new(page, position))
    }
}

/// Waits until the index holds what was written up to a position: it follows the views.
async fn wait_for_index(app: &App, asked: Option<i64>) -> Result<(), Problem> {
    let Some(asked) = asked else {
        return Ok(());
    };
    let reached = position::reach(&app.pool, app.search.name(), asked, READ_WAIT).await?;
    match reached >= asked {
        true => Ok(()),
        false => Err(Problem::unavailable(
            "projection_behind",
            "what you have written is stored, and the search index does not hold it yet; try again",
        )),
    }
}

/// The ids of a page: by words, and by meaning where the passages near to it are given.
async fn find(app: &App, wanted: &Wanted, near: Option<&[Uuid]>) -> Result<Vec<Uuid>, Problem> {
    let Some(near) = near else {
        return app.search.find(wanted).await.map_err(unsearchable);
    };
    let all = Wanted {
        offset: 0,
        limit: DEEPEST,
        ..wanted.clone()
    };
    let found = app.search.find(&all).await.map_err(unsearchable)?;
    // An engine finds only what holds every word.
    let found: Vec<(Uuid, f64)> = found.into_iter().map(|id| (id, 1.0)).collect();
    let merged = fuse(&found, near).into_iter().map(|one| one.0);
    Ok(merged.skip(wanted.offset).take(wanted.limit).collect())
}

/// The passages that lie nearest to the meaning of what is looked for; none where none are wanted, or no model embeds.
async fn near(app: &App, wanted: &Wanted) -> Result<Option<Vec<Uuid>>, Problem> {
    let filter = &wanted.filter;
    let passages = filter.kind.is_none_or(|kind| kind == Kind::Passage);
    let anywhen = filter.since.is_none() && filter.until.is_none();
    if !passages || !anywhen || filter.role.is_some() {
        return Ok(None);
    }
    let mut bases = wanted.shared.clone();
    bases.retain(|id| filter.within.is_none_or(|within| within == *id));
    let embedder = app.embedder.as_deref();
    Ok(retrieval::by_meaning(&app.pool, embedder, &bases, &wanted.text).await?)
}

/// How the best hits are spread, of whatever kind.
async fn count(app: &App, wanted: Wanted, near: Option<&[Uuid]>) -> Result<Facets, Problem> {
    let all = Wanted {
        shared: shared(app, wanted.reader, None).await?,
        filter: Filter {
            kind: None,
            ..wanted.filter
        },
        offset: 0,
        limit: DEEPEST,
        ..wanted
    };
    let found = find(app, &all, near).await?;
    let counts = shown::count(&app.pool, all.reader, &found).await?;
    let bases: Vec<Uuid> = counts.knowledge_bases.keys().copied().collect();
    let names = knowledge::names(&app.pool, &bases).await?;
    Ok(Facets::new(counts, |id| names.get(id).cloned()))
}

/// Where alone it is looked.
fn within(conversation: Option<Uuid>, base: Option<Uuid>) -> Result<Option<Uuid>, Problem> {
    match (conversation, base) {
        (Some(_), Some(_)) => Err(Problem::invalid(
            "knowledge_base_id",
            "one_of_two",
            "give either conversation_id or knowledge_base_id",
        )),
        (one, other) => Ok(one.or(other)),
    }
}

/// A time that RFC 3339 can write: others are beyond what the database compares.
fn moment(name: &str, at: Option<DateTime<Utc>>) -> Result<Option<DateTime<Utc>>, Problem> {
    match at {
        Some(at) if !(0..=9_999).contains(&at.year()) => Err(Problem::invalid(
            name,
            "out_of_range",
            format!("{name} must lie in the years 0000 to 9999"),
        )),
        at => Ok(at),
    }
}

fn name(role: SearchRole) -> String {
    match role {
        SearchRole::User => "user".to_owned(),
        SearchRole::Assistant => "assistant".to_owned(),
    }
}

/// Where others have put what the reader may find; nobody puts conversations anywhere.
async fn shared(app: &App, reader: Uuid, kind: Option<SearchKind>) -> Result<Vec<Uuid>, Problem> {
    if matches!(kind, Some(SearchKind::Message | SearchKind::Conversation)) {
        return Ok(vec![]);
    }
    let mut shared = knowledge::readable_by(&app.pool, reader).await?;
    shared.push(EVERYBODY);
    Ok(shared)
}

/// Words to look for, trimmed; `pointer` names the field or parameter that holds them.
pub(crate) fn looked_for<'a>(
    pointer: &str,
    text: &'a str,
    longest: usize,
) -> Result<&'a str, Problem> {
    let (text, name) = (text.trim(), pointer.trim_start_matches('/'));
    let (code, detail) = if text.is_empty() {
        ("empty", format!("{name} must hold a word"))
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

fn unsearchable(error: SearchError) -> Problem {
    match error {
        SearchError::Database(error) => error.into(),
        SearchError::Meilisearch(error) => {
            tracing::warn!(error, "the search engine is away");
            Problem::unavailable("search_unavailable", "the search engine is away; try again")
        }
    }
}
