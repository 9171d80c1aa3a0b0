//! The port to an embedding model: texts in, vectors out.

use std::fmt::Debug;

use domain::document::Vector;
use domain::response::FailureCode;
use futures_util::future::BoxFuture;

/// Why a model failed to embed or rerank.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct EmbedError {
    pub code: FailureCode,
    /// Shown to readers of the document; never contains a key.
    pub detail: String,
}

/// An embedding model.
pub trait Embedder: Debug + Send + Sync {
    /// Its name, in the form PROVIDER/MODEL.
    fn model(&self) -> &str;

    /// Whether it averages the vectors of words, so that their order does not matter; `None` while unknown.
    fn averages_words(&self) -> Option<bool>;

    /// Returns one vector per text, in the same order.
    fn embed(&self, texts: Vec<String>) -> BoxFuture<'_, Result<Vec<Vector>, EmbedError>>;
}
