//! Search over conversations, messages, assistants, documents and their passages: one port, two engines. What an engine
//! finds is shown only after a check of the reader's rights, which [`shown`] makes.
//!
//! Reading order: [`terms`] (what a text is compared by), [`documents`] (what is indexed), [`postgres`] and
//! [`meilisearch`] (where), [`position`] (how far), [`shown`].

pub mod bm25;
pub mod documents;
pub mod hits;
mod meilisearch;
pub mod position;
mod postgres;
pub mod terms;

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use uuid::Uuid;

pub use self::meilisearch::Meilisearch;
pub use self::postgres::Postgres;

/// What is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexedKind {
    Message,
    Conversation,
    Assistant,
    Document,
    Passage,
}

impl IndexedKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Conversation => "conversation",
            Self::Assistant => "assistant",
            Self::Document => "document",
            Self::Passage => "passage",
        }
    }
}

/// The scope of what everybody may find.
pub const EVERYBODY: Uuid = Uuid::nil();

/// A text that can be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexedDocument {
    pub id: Uuid,
    pub kind: IndexedKind,
    /// What it is part of: of a message its conversation, of a passage its document, of a document its knowledge base.
    pub parent_id: Uuid,
    /// Who may find it: a person, a knowledge base for whoever may read that, or [`EVERYBODY`].
    pub scope_id: Uuid,
    /// Who wrote a message: user or assistant.
    pub role: Option<String>,
    pub content: String,
    pub created_at: DateTime<Utc>,
}

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    /// Who looks.
    pub reader: Uuid,
    /// Further scopes that the reader may look into; no others are.
    pub shared_scopes: Vec<Uuid>,
    pub text: String,
    pub filter: SearchFilter,
    pub offset: usize,
    pub limit: usize,
}

/// What narrows a search.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchFilter {
    pub kind: Option<IndexedKind>,
    /// Only what is part of this, or in its scope.
    pub within: Option<Uuid>,
    /// Only messages that this role has written: user or assistant.
    pub role: Option<String>,
    /// Only what was made then or later, to the second.
    pub since: Option<DateTime<Utc>>,
    /// Only what was made before, to the second.
    pub until: Option<DateTime<Utc>>,
}

/// Why an engine did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error("Meilisearch: {0}")]
    Meilisearch(String),
}

/// Where texts are found.
#[derive(Debug, Clone)]
pub enum SearchEngine {
    Postgres(Postgres),
    Meilisearch(Meilisearch),
}

impl SearchEngine {
    /// The engine of an installation: `PostgreSQL`, unless there is a Meilisearch.
    pub fn new(pool: &PgPool, meilisearch: Option<Meilisearch>) -> Self {
        match meilisearch {
            Some(meilisearch) => Self::Meilisearch(meilisearch),
            None => Self::Postgres(Postgres::new(pool.clone())),
        }
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Postgres(_) => "postgres",
            Self::Meilisearch(_) => "meilisearch",
        }
    }

    /// Makes the index where there is none; tells whether it is new and empty.
    pub async fn prepare(&self) -> Result<bool, SearchError> {
        match self {
            // The table comes with the schema.
            Self::Postgres(_) => Ok(false),
            Self::Meilisearch(engine) => engine.prepare().await,
        }
    }

    /// Puts texts in, in place of what stood under their ids, and takes others out. Both are found so afterwards.
    pub async fn update(
        &self,
        documents: &[IndexedDocument],
        gone: &[Uuid],
    ) -> Result<(), SearchError> {
        match self {
            Self::Postgres(engine) => Ok(engine.update(documents, gone).await?),
            Self::Meilisearch(engine) => engine.update(documents, gone).await,
        }
    }

    /// Takes everything out that is part of some things, or in their scope.
    pub async fn remove_within(&self, within: &[Uuid]) -> Result<(), SearchError> {
        match self {
            Self::Postgres(engine) => Ok(engine.remove_within(within).await?),
            Self::Meilisearch(engine) => engine.remove_within(within).await,
        }
    }

    /// Tells the engine that its index has grown much.
    pub async fn refresh_statistics(&self) -> Result<(), SearchError> {
        match self {
            Self::Postgres(engine) => Ok(engine.refresh_statistics().await?),
            Self::Meilisearch(_) => Ok(()),
        }
    }

    /// Whether the engine answers.
    pub async fn is_healthy(&self) -> bool {
        match self {
            Self::Postgres(_) => true,
            Self::Meilisearch(engine) => engine.is_healthy().await,
        }
    }

    /// The ids of what fits, the best first.
    pub async fn find(&self, query: &SearchQuery) -> Result<Vec<Uuid>, SearchError> {
        match self {
            Self::Postgres(engine) => Ok(engine.find(query).await?),
            Self::Meilisearch(engine) => engine.find(query).await,
        }
    }
}

/// Whether searching in PostgreSQL forgives typing errors: it takes one of its contrib modules.
pub async fn supports_fuzzy_search(pool: &PgPool) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"select exists (select from pg_extension where extname = 'pg_trgm') as "there!""#
    )
    .fetch_one(pool)
    .await?;
    Ok(found)
}
