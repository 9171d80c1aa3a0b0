//! The reranking model of this installation.

use futures_util::future::BoxFuture;
use projections::knowledge::{EmbedError, Reranker};

use super::Catalogue;
use crate::model::ModelError;

/// A model that is looked up for each call, like [`super::EmbeddingModel`].
#[derive(Debug, Clone)]
pub struct RerankingModel {
    catalogue: Catalogue,
    /// PROVIDER/MODEL.
    name: String,
}

impl RerankingModel {
    pub fn new(catalogue: Catalogue, name: &str) -> Self {
        let name = name.to_owned();
        Self { catalogue, name }
    }

    async fn rank(
        &self,
        question: &str,
        texts: &[String],
    ) -> Result<Vec<(usize, f64)>, ModelError> {
        let model = self.catalogue.find_remote(&self.name).await?;
        model.rerank(question, texts).await
    }
}

impl Reranker for RerankingModel {
    fn model(&self) -> &str {
        &self.name
    }

    fn rerank<'a>(
        &'a self,
        question: &'a str,
        texts: Vec<String>,
    ) -> BoxFuture<'a, Result<Vec<(usize, f64)>, EmbedError>> {
        Box::pin(async move {
            let ranking = self.rank(question, &texts).await;
            ranking.map_err(|error| EmbedError {
                code: error.code,
                detail: error.detail,
            })
        })
    }
}
