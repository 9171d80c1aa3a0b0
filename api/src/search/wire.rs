//! Parameters and response bodies of searches.

use chrono::{DateTime, Utc};
use poem_openapi::{Enum, Object};
use projections::conversation::MessageRole;
use projections::search::IndexedKind;
use projections::search::hits::{HitCounts, VisibleHit};
use projections::search::terms::Marker;
use uuid::Uuid;

use super::snippet::fragments;

/// The kind of a hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case", remote = "IndexedKind")]
pub enum SearchKind {
    Message,
    Conversation,
    Assistant,
    Document,
    /// A chunk of a document.
    Passage,
}

/// The author of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case", remote = "MessageRole")]
pub enum SearchRole {
    User,
    Assistant,
}

/// How to search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub(super) enum SearchMode {
    /// By words and their prefixes.
    Words,
    /// By words, and passages also by meaning if an embedding model is configured; the text is then sent to that model.
    Hybrid,
}

/// A piece of text, and whether it matches the search.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub(crate) struct Fragment {
    pub text: String,
    pub matched: bool,
}

/// A search hit.
#[derive(Debug, Object)]
pub(super) struct SearchHit {
    pub kind: SearchKind,
    /// The id of the object of this kind.
    pub id: Uuid,
    /// For conversations and messages.
    pub conversation_id: Option<Uuid>,
    /// For documents and passages.
    pub document_id: Option<Uuid>,
    pub knowledge_base_id: Option<Uuid>,
    /// The title of the conversation, or the name of the document or assistant.
    pub title: Option<String>,
    /// The author of the message: `user` or `assistant`.
    pub role: Option<String>,
    /// The text around the first match.
    pub fragments: Vec<Fragment>,
    pub created_at: DateTime<Utc>,
}

impl SearchHit {
    /// A hit, with matching words marked.
    pub(super) fn new(hit: VisibleHit, marker: &Marker) -> Self {
        Self {
            kind: hit.kind.0.into(),
            id: hit.id,
            conversation_id: hit.conversation_id,
            document_id: hit.document_id,
            knowledge_base_id: hit.knowledge_base_id,
            title: hit.title,
            role: hit.role.map(|role| role.to_string()),
            fragments: fragments(&hit.content, marker),
            created_at: hit.created_at,
        }
    }
}

/// How many of the best 500 hits have this value.
#[derive(Debug, Object)]
pub(super) struct FacetCount {
    pub value: String,
    /// The name, if the value is an id.
    pub name: Option<String>,
    pub count: i64,
}

impl FacetCount {
    fn new((value, count): (impl ToString, i64)) -> Self {
        Self {
            value: value.to_string(),
            name: None,
            count,
        }
    }
}

/// Counts of the hits that the caller may see.
#[derive(Debug, Object)]
pub(super) struct Facets {
    /// Counts of all kinds, whatever `kind` the search is limited to.
    pub kind: Vec<FacetCount>,
    pub role: Vec<FacetCount>,
    pub knowledge_base_id: Vec<FacetCount>,
}

impl Facets {
    pub(super) fn new(counts: HitCounts, name_of: impl Fn(&Uuid) -> Option<String>) -> Self {
        let base = |(id, count): (Uuid, i64)| FacetCount {
            name: name_of(&id),
            value: id.to_string(),
            count,
        };
        Self {
            kind: counts.kinds.into_iter().map(FacetCount::new).collect(),
            role: counts.roles.into_iter().map(FacetCount::new).collect(),
            knowledge_base_id: counts.knowledge_bases.into_iter().map(base).collect(),
        }
    }
}

/// A page of search hits.
#[derive(Debug, Object)]
pub(super) struct SearchPage {
    /// The best hit comes first.
    pub items: Vec<SearchHit>,
    /// Continues the list; null on the last page.
    #[oai(skip_serializing_if_is_none = false)]
    pub next_cursor: Option<String>,
    /// Present if they were requested.
    pub facets: Option<Facets>,
    /// Whether the search also used the meaning, not only the words.
    pub by_meaning: bool,
}
