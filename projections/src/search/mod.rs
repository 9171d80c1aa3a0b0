//! Search over conversations, messages, assistants, documents and their passages: one port, two engines. [`hits`] checks
//! the reader's access to everything that an engine finds.
//!
//! Reading order: [`terms`] (how texts are compared), [`documents`] (what is indexed), [`postgres`] and [`meilisearch`]
//! (the engines), [`position`] (the progress of the index), [`hits`].

pub mod bm25;
pub mod documents;
pub mod hits;
mod meilisearch;
pub mod position;
mod postgres;
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "most classes of characters are treated alike"
)]
pub mod terms;

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use strum::{Display, EnumString, IntoStaticStr};
use uuid::Uuid;

use crate::conversation::MessageRole;

pub use self::meilisearch::Meilisearch;
pub use self::postgres::Postgres;

/// The kinds of texts that can be searched, in the order of facets.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Display, EnumString, IntoStaticStr,
)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum IndexedKind {
    Assistant,
    Conversation,
    Document,
    Message,
    Passage,
}

/// The scope of texts that everybody may find.
pub const EVERYBODY: Uuid = Uuid::nil();

/// A text in the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexedDocument {
    pub id: Uuid,
    pub kind: IndexedKind,
    /// The conversation of a message, the document of a passage, or the knowledge base of a document.
    pub parent_id: Uuid,
    /// Who may find it: a user, the readers of a knowledge base, or [`EVERYBODY`].
    pub scope_id: Uuid,
    /// The author of a message.
    pub role: Option<MessageRole>,
    pub content: String,
    pub created_at: DateTime<Utc>,
}

/// A search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    /// The user who searches.
    pub reader: Uuid,
    /// Other scopes in which the reader may search.
    pub shared_scopes: Vec<Uuid>,
    pub text: String,
    pub filter: SearchFilter,
    pub offset: usize,
    pub limit: usize,
}

/// Restricts the results of a search.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchFilter {
    pub kind: Option<IndexedKind>,
    /// Only texts with this parent or in this scope.
    pub within: Option<Uuid>,
    /// Only messages by this role.
    pub role: Option<MessageRole>,
    /// Only texts created at this time or later, to the second.
    pub since: Option<DateTime<Utc>>,
    /// Only texts created before this time, to the second.
    pub until: Option<DateTime<Utc>>,
}

/// Why an engine failed.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error("Meilisearch: {0}")]
    Meilisearch(String),
}

/// The engine that finds texts.
#[derive(Debug, Clone)]
pub enum SearchEngine {
    Postgres(Postgres),
    Meilisearch(Meilisearch),
}

impl SearchEngine {
    /// The engine of an installation: Meilisearch if there is one, `PostgreSQL` otherwise.
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

    /// Creates the index if it does not exist. Returns whether it is empty.
    pub async fn prepare(&self) -> Result<bool, SearchError> {
        match self {
            // The schema includes the table.
            Self::Postgres(_) => Ok(false),
            Self::Meilisearch(engine) => engine.prepare().await,
        }
    }

    /// Adds or replaces documents by id and removes others. The next search sees both.
    pub async fn update(
        &self,
        documents: &[IndexedDocument],
        removed: &[Uuid],
    ) -> Result<(), SearchError> {
        match self {
            Self::Postgres(engine) => Ok(engine.update(documents, removed).await?),
            Self::Meilisearch(engine) => engine.update(documents, removed).await,
        }
    }

    /// Removes all documents with one of these parents or scopes.
    pub async fn remove_within(&self, within: &[Uuid]) -> Result<(), SearchError> {
        match self {
            Self::Postgres(engine) => Ok(engine.remove_within(within).await?),
            Self::Meilisearch(engine) => engine.remove_within(within).await,
        }
    }

    /// Refreshes statistics after the index has grown a lot.
    pub async fn refresh_statistics(&self) -> Result<(), SearchError> {
        match self {
            Self::Postgres(engine) => Ok(engine.refresh_statistics().await?),
            Self::Meilisearch(_) => Ok(()),
        }
    }

    /// Whether the engine responds.
    pub async fn is_healthy(&self) -> bool {
        match self {
            Self::Postgres(_) => true,
            Self::Meilisearch(engine) => engine.is_healthy().await,
        }
    }

    /// Returns the ids of matching documents, best first.
    pub async fn find(&self, query: &SearchQuery) -> Result<Vec<Uuid>, SearchError> {
        match self {
            Self::Postgres(engine) => Ok(engine.find(query).await?),
            Self::Meilisearch(engine) => engine.find(query).await,
        }
    }
}

/// Whether search in PostgreSQL tolerates typing errors, which requires its contrib module `pg_trgm`.
pub async fn supports_fuzzy_search(pool: &PgPool) -> Result<bool, sqlx::Error> {
    let is_installed = sqlx::query_scalar!(
        r#"select exists (select from pg_extension where extname = 'pg_trgm') as "there!""#
    )
    .fetch_one(pool)
    .await?;
    Ok(is_installed)
}
