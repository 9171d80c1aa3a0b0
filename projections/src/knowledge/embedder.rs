//! The port to a model that embeds: texts in, vectors out.

use std::fmt::Debug;
use std::sync::OnceLock;

use domain::document::Vector;
use domain::response::FailureCode;
use futures_util::future::BoxFuture;

/// Why a model did not embed or rerank.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct EmbedError {
    pub code: FailureCode,
    /// For whoever may read the document; never a key.
    pub detail: String,
}

/// A model that embeds.
pub trait Embedder: Debug + Send + Sync {
    /// Its name, as PROVIDER/MODEL.
    fn model(&self) -> &str;

    /// Whether it averages the vectors of words, so that their order tells it nothing; empty until the first question has
    /// found it out.
    fn averages_words(&self) -> &OnceLock<bool>;

    /// One vector for each text, in their order.
    fn embed(&self, texts: Vec<String>) -> BoxFuture<'_, Result<Vec<Vector>, EmbedError>>;
}
