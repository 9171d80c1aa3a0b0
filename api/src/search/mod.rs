//! Search in everything that the caller may read: conversations, messages, assistants, documents and their passages.

mod results;
mod snippet;
mod wire;

use chrono::{DateTime, Datelike, Utc};
use poem::Result;
use poem_openapi::param::Query;
use poem_openapi::{OpenApi, Tags};
use projections::search::SearchFilter;
use uuid::Uuid;

use self::results::{find_page, wait_for_index};
pub(crate) use self::wire::Fragment;
use self::wire::{SearchKind, SearchMode, SearchPage, SearchRole};
use crate::http::{Ctx, Problem, Unversioned};

/// Longest search text, in characters.
const MAX_QUERY: usize = 500;

/// The area of the contract.
#[derive(Tags)]
pub(crate) enum Tag {
    /// Search in conversations, assistants and documents.
    Search,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct SearchApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Search")]
impl SearchApi {
    /// Searches everything that the caller may read.
    ///
    /// Searches the caller's conversations, assistants, and documents that the caller may read.
    #[oai(path = "/search", method = "get", operation_id = "search")]
    #[expect(
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
        let filter = SearchFilter {
            kind: kind.0.map(Into::into),
            within: search_scope(conversation_id.0, knowledge_base_id.0)?,
            role: role.0.map(Into::into),
            since: check_time("since", since.0)?,
            until: check_time("until", until.0)?,
        };
        let query = format!("search {text} {filter:?} {:?}", mode.0);
        let page = ctx.page(query, limit.0, cursor.0.as_deref())?;
        let position = ctx.read_position().await?;
        wait_for_index(&ctx.app, ctx.meta.min_position).await?;
        let results = find_page(&ctx, (text, filter), (mode.0, facets.0), &page).await?;
        Ok(Unversioned::new(results, position))
    }
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
