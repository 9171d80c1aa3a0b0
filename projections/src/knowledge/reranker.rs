//! The port to a model that reads a question and passages together: texts in, how well each answers out.

use std::fmt::Debug;

use futures_util::future::BoxFuture;

use super::EmbedError;

/// A model that reranks.
pub trait Reranker: Debug + Send + Sync {
    /// Its name, as PROVIDER/MODEL.
    fn model(&self) -> &str;

    /// Places of texts and how well each answers the question, the best first; each at most once. Some may be missing.
    fn rerank<'a>(
        &'a self,
        question: &'a str,
        texts: Vec<String>,
    ) -> BoxFuture<'a, Result<Vec<(usize, f64)>, EmbedError>>;
}
