//! The port to a reranking model, which reads a question and passages together: texts in, scores out.

use std::fmt::Debug;

use futures_util::future::BoxFuture;

use super::EmbedError;

/// A reranking model.
pub trait Reranker: Debug + Send + Sync {
    /// Its name, in the form PROVIDER/MODEL.
    fn model(&self) -> &str;

    /// Returns the indexes of texts with their scores, best first. Each appears at most once, and some may be missing.
    fn rerank<'a>(
        &'a self,
        question: &'a str,
        texts: Vec<String>,
    ) -> BoxFuture<'a, Result<Vec<(usize, f64)>, EmbedError>>;
}
