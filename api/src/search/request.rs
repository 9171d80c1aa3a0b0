//! What is sent and answered about searches.

use chrono::{DateTime, Utc};
use poem_openapi::{Enum, Object};
use projections::search::Kind;
use projections::search::shown::{Counts, Shown};
use projections::search::terms::Marker;
use uuid::Uuid;

use super::snippet::fragments;

/// What a hit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum SearchKind {
    Message,
    Conversation,
    Assistant,
    Document,
    /// A chunk of a document.
    Passage,
}

impl From<SearchKind> for Kind {
    fn from(kind: SearchKind) -> Self {
        match kind {
            SearchKind::Message => Self::Message,
            SearchKind::Conversation => Self::Conversation,
            SearchKind::Assistant => Self::Assistant,
            SearchKind::Document => Self::Document,
            SearchKind::Passage => Self::Passage,
        }
    }
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum SearchRole {
    User,
    Assistant,
}

/// How it is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum SearchMode {
    /// By words and their beginnings.
    Words,
    /// By words, and passages by meaning as well, where a model embeds; the words are then sent to that model.
    Hybrid,
}

/// A piece of a text, and whether it is what was looked for.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct Fragment {
    pub text: String,
    pub matched: bool,
}

/// Something that was found.
#[derive(Debug, Object)]
pub struct SearchHit {
    pub kind: SearchKind,
    /// Of what `kind` says.
    pub id: Uuid,
    /// Of a conversation or a message.
    pub conversation_id: Option<Uuid>,
    /// Of a document or a passage.
    pub document_id: Option<Uuid>,
    pub knowledge_base_id: Option<Uuid>,
    /// Of the conversation or the document, or the assistant's name.
    pub title: Option<String>,
    /// Who wrote the message: user or assistant.
    pub role: Option<String>,
    /// The passage around the first word that fits.
    pub fragments: Vec<Fragment>,
    pub created_at: DateTime<Utc>,
}

impl SearchHit {
    /// A hit, with the words that it was found by.
    pub(super) fn new(hit: Shown, marker: &Marker) -> Self {
        Self {
            kind: match hit.kind.as_str() {
                "message" => SearchKind::Message,
                "assistant" => SearchKind::Assistant,
                "document" => SearchKind::Document,
                "passage" => SearchKind::Passage,
                _ => SearchKind::Conversation,
            },
            id: hit.id,
            conversation_id: hit.conversation_id,
            document_id: hit.document_id,
            knowledge_base_id: hit.knowledge_base_id,
            title: hit.title,
            role: hit.role,
            fragments: fragments(&hit.content, marker),
            created_at: hit.created_at,
        }
    }
}

/// How many of the best 500 hits have a value.
#[derive(Debug, Object)]
pub struct FacetCount {
    pub value: String,
    /// What a person calls it, where the value is an id.
    pub name: Option<String>,
    pub count: i64,
}

/// How hits are spread, as far as the caller may see them.
#[derive(Debug, Object)]
pub struct Facets {
    /// Whatever `kind` the search asks for.
    pub kind: Vec<FacetCount>,
    pub role: Vec<FacetCount>,
    pub knowledge_base_id: Vec<FacetCount>,
}

impl Facets {
    pub(super) fn new(counts: Counts, name_of: impl Fn(&Uuid) -> Option<String>) -> Self {
        let named = |(value, count)| FacetCount {
            value,
            name: None,
            count,
        };
        let base = |(id, count): (Uuid, i64)| FacetCount {
            name: name_of(&id),
            value: id.to_string(),
            count,
        };
        Self {
            kind: counts.kinds.into_iter().map(named).collect(),
            role: counts.roles.into_iter().map(named).collect(),
            knowledge_base_id: counts.knowledge_bases.into_iter().map(base).collect(),
        }
    }
}

/// A page of what was found.
#[derive(Debug, Object)]
pub struct SearchPage {
    /// Best first.
    pub items: Vec<SearchHit>,
    /// Continues the list; null on the last page.
    #[oai(skip_serializing_if_is_none = false)]
    pub next_cursor: Option<String>,
    /// Where they were asked for.
    pub facets: Option<Facets>,
    /// Whether the meaning was looked for as well as the words.
    pub by_meaning: bool,
}
