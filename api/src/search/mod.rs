//! Search over everything that one may read: conversations, messages, assistants, documents and their passages.

mod snippet;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use poem::Result;
use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::{Enum, Object, OpenApi};
use projections::knowledge::queries as knowledge;
use projections::search::{EVERYBODY, Kind, Query as Wanted, SearchError, shown};
use uuid::Uuid;

use self::snippet::fragments;
use crate::answer::{List, Plain};
use crate::auth::Auth;
use crate::cursor::{self, Query as CursorQuery};
use crate::head::Head;
use crate::problem::Problem;
use crate::state::App;
use crate::tag::Tag;

/// Longest text that is looked for, in characters.
const LONGEST: usize = 500;
/// Hits that can be paged through.
const DEEPEST: usize = 1_000;

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

#[derive(Debug, Clone, Copy)]
pub struct SearchApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Search")]
impl SearchApi {
    /// Looks for words in one's own conversations, in assistants, and in the documents that one may read.
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
        /// The words, or their beginnings; 1 to 500 characters.
        q: Query<String>,
        /// Only this kind.
        kind: Query<Option<SearchKind>>,
        /// Only in this conversation.
        conversation_id: Query<Option<Uuid>>,
        /// Entries of a page, 1 to 200.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Plain<List<SearchHit>>, Problem> {
        let limit = cursor::limit(limit.0)?;
        let text = looked_for("q", &q.0, LONGEST)?;
        let reader = auth.0.id;
        let cursor_text = format!("search {text} {:?} {:?}", kind.0, conversation_id.0);
        let query = CursorQuery {
            reader,
            text: &cursor_text,
        };
        let offset = app.parse_cursor(query, cursor.0.as_deref())?.unwrap_or(0);
        let position = app.read_position(reader, head.min_position).await?;
        let wanted = Wanted {
            reader,
            shared: shared(&app, reader, kind.0).await?,
            text: text.to_owned(),
            kind: kind.0.map(Into::into),
            parent_id: conversation_id.0,
            offset,
            limit,
        };
        let found = app.search.find(&wanted).await.map_err(unsearchable)?;
        let next = offset + limit;
        let more = found.len() == limit && next < DEEPEST;
        // What an engine returns is checked against the reader's rights as they are now.
        let hits = shown::of(&app.pool, reader, &found).await?;
        let list = List {
            items: hits
                .into_iter()
                .map(|hit| SearchHit {
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
                    fragments: fragments(&hit.content, text),
                    created_at: hit.created_at,
                })
                .collect(),
            next_cursor: more.then(|| app.cursor(query, &next)).flatten(),
        };
        Ok(Plain::new(list, position))
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
