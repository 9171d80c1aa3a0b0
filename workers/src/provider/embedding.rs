//! The model that embeds in this installation.

use std::sync::{Arc, OnceLock};

use domain::document::Vector;
use futures_util::future::BoxFuture;
use projections::knowledge::{EmbedError, Embedder};

use super::Catalogue;
use crate::model::ModelError;

/// A model of a provider, looked up whenever it is asked: its provider may be added later, or get another key.
#[derive(Debug, Clone)]
pub struct Embedding {
    catalogue: Catalogue,
    /// As PROVIDER/MODEL.
    name: String,
    averages_words: Arc<OnceLock<bool>>,
}

impl Embedding {
    pub fn new(catalogue: Catalogue, name: &str) -> Self {
        Self {
            catalogue,
            name: name.to_owned(),
            averages_words: Arc::default(),
        }
    }

    async fn vectors(&self, texts: &[String]) -> Result<Vec<Vector>, ModelError> {
        self.catalogue
            .of_provider(&self.name)
            .await?
            .embed(texts)
            .await
    }
}

impl Embedder for Embedding {
    fn model(&self) -> &str {
        &self.name
    }

    fn averages_words(&self) -> &OnceLock<bool> {
        &self.averages_words
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
