//! The port to a model that embeds: texts in, vectors out.

use std::fmt::Debug;

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

    /// Whether it averages the vectors of words, so that their order tells it nothing; none as long as that is not known.
    fn averages_words(&self) -> Option<bool>;

    /// One vector for each text, in their order.
    fn embed(&self, texts: Vec<String>) -> BoxFuture<'_, Result<Vec<Vector>, EmbedError>>;
}
