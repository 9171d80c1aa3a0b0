//! The embedding model of this installation.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use domain::document::Vector;
use futures_util::future::BoxFuture;
use projections::knowledge::{EmbedError, Embedder, detect_word_averaging};

use super::Catalogue;
use crate::model::ModelError;

/// A model that is looked up for each call, because its provider may be added or reconfigured later.
#[derive(Debug, Clone)]
pub struct EmbeddingModel {
    catalogue: Catalogue,
    /// PROVIDER/MODEL.
    name: String,
    averages_words: Arc<OnceLock<bool>>,
    /// Whether the detection is running.
    is_detecting: Arc<AtomicBool>,
}

impl EmbeddingModel {
    pub fn new(catalogue: Catalogue, name: &str) -> Self {
        Self {
            catalogue,
            name: name.to_owned(),
            averages_words: Arc::default(),
            is_detecting: Arc::default(),
        }
    }

    async fn embed_texts(&self, texts: &[String]) -> Result<Vec<Vector>, ModelError> {
        self.catalogue
            .find_remote(&self.name)
            .await?
            .embed(texts)
            .await
    }
}

impl Embedder for EmbeddingModel {
    fn model(&self) -> &str {
        &self.name
    }

    /// Detected alongside the first question, which does not wait for it.
    fn averages_words(&self) -> Option<bool> {
        let result = self.averages_words.get().copied();
        if result.is_none() && !self.is_detecting.swap(true, Ordering::Relaxed) {
            let model = self.clone();
            #[expect(
                clippy::disallowed_methods,
                reason = "one attempt that nobody waits for"
            )]
            tokio::spawn(async move {
                match detect_word_averaging(&model).await {
                    Ok(averages) => _ = model.averages_words.set(averages),
                    // The next question tries again.
                    Err(error) => {
                        let model = &model.name;
                        tracing::info!(model, %error, "cannot detect whether the embedding model averages words");
                    }
                }
                model.is_detecting.store(false, Ordering::Relaxed);
            });
        }
        result
    }

    fn embed(&self, texts: Vec<String>) -> BoxFuture<'_, Result<Vec<Vector>, EmbedError>> {
        Box::pin(async move {
            self.embed_texts(&texts).await.map_err(|error| EmbedError {
                code: error.code,
                detail: error.detail,
            })
        })
    }
}
