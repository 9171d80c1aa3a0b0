//! The model that embeds in this installation.

use domain::document::Vector;
use domain::response::FailureCode;
use futures_util::future::BoxFuture;
use projections::knowledge::{EmbedError, Embedder};
use projections::provider::queries;

use super::Catalogue;
use crate::model::ModelError;

/// A model of a provider, looked up whenever it is asked: its provider may be added later, or get another key.
#[derive(Debug, Clone)]
pub struct Embedding {
    catalogue: Catalogue,
    /// As PROVIDER/MODEL.
    name: String,
}

impl Embedding {
    pub fn new(catalogue: Catalogue, name: &str) -> Self {
        let name = name.to_owned();
        Self { catalogue, name }
    }

    async fn vectors(&self, texts: &[String]) -> Result<Vec<Vector>, ModelError> {
        let unknown = || {
            let detail = format!("this installation has no model {}", self.name);
            ModelError::new(FailureCode::ModelUnavailable, detail)
        };
        let (provider, model) = self.name.split_once('/').ok_or_else(unknown)?;
        let provider = queries::by_name(&self.catalogue.source.pool, provider)
            .await
            .map_err(|_| ModelError::new(FailureCode::Internal, "the provider could not be read"))?
            .ok_or_else(unknown)?;
        let model = self.catalogue.model(&provider, model).await?;
        model.embed(texts).await
    }
}

impl Embedder for Embedding {
    fn model(&self) -> &str {
        &self.name
    }

    fn embed(&self, texts: Vec<String>) -> BoxFuture<'_, Result<Vec<Vector>, EmbedError>> {
        Box::pin(async move {
            self.vectors(&texts).await.map_err(|error| EmbedError {
                code: error.code,
                detail: error.detail,
            })
        })
    }
}
