//! The model that embeds in this installation.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use domain::document::Vector;
use futures_util::future::BoxFuture;
use projections::knowledge::{EmbedError, Embedder, detect_word_averaging};

use super::Catalogue;
use crate::model::ModelError;

/// A model of a provider, looked up whenever it is asked: its provider may be added later, or get another key.
#[derive(Debug, Clone)]
pub struct Embedding {
    catalogue: Catalogue,
    /// As PROVIDER/MODEL.
    name: String,
    averages_words: Arc<OnceLock<bool>>,
    /// Whether it is being asked for that.
    asking: Arc<AtomicBool>,
}

impl Embedding {
    pub fn new(catalogue: Catalogue, name: &str) -> Self {
        Self {
            catalogue,
            name: name.to_owned(),
            averages_words: Arc::default(),
            asking: Arc::default(),
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

    /// Found out beside the first question, which does not wait for it.
    fn averages_words(&self) -> Option<bool> {
        let known = self.averages_words.get().copied();
        if known.is_none() && !self.asking.swap(true, Ordering::Relaxed) {
            let model = self.clone();
            tokio::spawn(async move {
                match detect_word_averaging(&model).await {
                    Ok(averages) => _ = model.averages_words.set(averages),
                    // The next question tries again.
                    Err(error) => {
                        let model = &model.name;
                        tracing::info!(model, %error, "what kind of model embeds was not found out");
                    }
                }
                model.asking.store(false, Ordering::Relaxed);
            });
        }
        known
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
