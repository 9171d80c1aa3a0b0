//! Embeds passages. Safe to be killed at any point: vectors that were appended are not computed again.

use std::sync::Arc;
use std::time::Duration;

use domain::Command;
use domain::document::{AddVectors, CompleteEmbedding, Document, FailEmbedding, PassageVector};
use domain::response::FailureCode;
use eventstore::Outage;
use eventstore::command::ExecutorError;
use projections::document::embedding::{self, EmbeddingText, UnembeddedDocument};
use projections::knowledge::{EmbedError, Embedder};
use tokio::time::Instant;

use super::process::execute;
use super::{Ingester, PAUSE, POLL};
use crate::kit::WorkQueue;

/// Texts per call of the model.
const BATCH_SIZE: i64 = 32;
/// Calls per document before other documents are served.
const CALLS_PER_DOCUMENT: usize = 8;
/// Delay before a failed document is retried: doubled with each consecutive failure. A retry is one call, so even the
/// longest delay is short, and documents continue soon after the model is back.
const SHORTEST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// The longest pause while the database is unavailable.
const OUTAGE_PAUSE: Duration = Duration::from_secs(2);

/// Embeds all passages without vectors of this model: those of new documents, and all of them after a change of model.
pub(super) async fn run(ingester: Ingester, embedder: Arc<dyn Embedder>) {
    let ingester = &ingester;
    let pool = &ingester.source.pool;
    let mut pause = Pause::default();
    let mut outage = Outage::new("find documents to embed", PAUSE, OUTAGE_PAUSE);
    let mut changes = ingester.progress.subscribe(Ingester::VIEW);
    loop {
        let includes_failed = pause.is_over(Instant::now());
        match embedding::list_pending(pool, embedder.model(), includes_failed, 1).await {
            Ok(documents) => {
                outage.record_success();
                let Some(document) = documents.first() else {
                    changes.wait(POLL).await;
                    continue;
                };
                match embed_document(ingester, embedder.as_ref(), document).await {
                    // The model answers again, so failed documents need not wait any longer.
                    Outcome::Succeeded => pause = Pause::default(),
                    Outcome::Failed => pause.lengthen(Instant::now()),
                    Outcome::Skipped => changes.wait(POLL).await,
                }
            }
            Err(error) => outage.pause(&error).await,
        }
    }
}

/// Delays the retry of failed documents.
#[derive(Default)]
struct Pause {
    failures: u32,
    until: Option<Instant>,
}

impl Pause {
    fn is_over(&self, now: Instant) -> bool {
        self.until.is_none_or(|until| now >= until)
    }

    fn lengthen(&mut self, now: Instant) {
        let pause = SHORTEST_PAUSE * 2_u32.pow(self.failures.min(10));
        self.until = Some(now + pause.min(LONGEST_PAUSE));
        self.failures += 1;
    }
}

enum Outcome {
    Succeeded,
    Failed,
    /// Another worker has the document, or it is gone.
    Skipped,
}

/// Why embedding a document stopped.
enum EmbedFailure {
    Model(EmbedError),
    /// The document is gone, or the database is unavailable.
    Log(String),
}

impl From<ExecutorError> for EmbedFailure {
    fn from(error: ExecutorError) -> Self {
        Self::Log(error.to_string())
    }
}

impl From<sqlx::Error> for EmbedFailure {
    fn from(error: sqlx::Error) -> Self {
        Self::Log(error.to_string())
    }
}

async fn embed_document(
    ingester: &Ingester,
    embedder: &dyn Embedder,
    document: &UnembeddedDocument,
) -> Outcome {
    let Ok(Some(lease)) = ingester.leases.take(document.id).await else {
        return Outcome::Skipped;
    };
    let outcome = match embed_passages(ingester, embedder, document).await {
        Ok(()) => Outcome::Succeeded,
        Err(EmbedFailure::Log(error)) => {
            tracing::info!(document = %document.id, error, "a document was not embedded");
            tokio::time::sleep(PAUSE).await;
            Outcome::Skipped
        }
        Err(EmbedFailure::Model(error)) => {
            record_failure(ingester, embedder.model(), document, error).await;
            Outcome::Failed
        }
    };
    lease.release().await;
    outcome
}

/// Embeds up to `CALLS_PER_DOCUMENT` batches of a document, and completes it if nothing is left.
async fn embed_passages(
    ingester: &Ingester,
    embedder: &dyn Embedder,
    document: &UnembeddedDocument,
) -> Result<(), EmbedFailure> {
    let (pool, model) = (&ingester.source.pool, embedder.model());
    for _ in 0..CALLS_PER_DOCUMENT {
        let texts =
            embedding::pending_texts(pool, document.id, document.attempt, model, BATCH_SIZE)
                .await?;
        if texts.is_empty() {
            let command = CompleteEmbedding {
                attempt: u32::try_from(document.attempt).unwrap_or(0),
                model: model.to_owned(),
            };
            return append_and_wait(ingester, document, command).await;
        }
        let vectors = embed_texts(embedder, &texts)
            .await
            .map_err(EmbedFailure::Model)?;
        let expected = embedding::dimensions(pool, document.id, model).await?;
        let actual = vectors.first().map(|embedded| embedded.vector.dimensions());
        if let (Some(expected), Some(actual)) = (expected, actual)
            && expected != actual
        {
            return Err(EmbedFailure::Model(EmbedError {
                code: FailureCode::ProviderError,
                detail: format!(
                    "{model} answers with vectors of {actual} numbers, and answered with {expected} before; reprocess the \
                     document, or name another model in models.embedding"
                ),
            }));
        }
        let command = AddVectors {
            document_id: document.id,
            model: model.to_owned(),
            vectors,
        };
        append_and_wait(ingester, document, command).await?;
    }
    Ok(())
}

async fn embed_texts(
    embedder: &dyn Embedder,
    texts: &[EmbeddingText],
) -> Result<Vec<PassageVector>, EmbedError> {
    let inputs = texts.iter().map(|text| text.text.clone()).collect();
    let vectors = embedder.embed(inputs).await?;
    let embedded = texts
        .iter()
        .zip(vectors)
        .map(|(text, vector)| PassageVector {
            digest: text.digest.clone(),
            vector,
        });
    Ok(embedded.collect())
}

/// Records the failure once: a model that is unavailable for a day adds one event per document.
async fn record_failure(
    ingester: &Ingester,
    model: &str,
    document: &UnembeddedDocument,
    error: EmbedError,
) {
    tracing::warn!(document = %document.id, model, %error, "failed to embed a document; retrying");
    let detail = format!(
        "{}; tried again every {} seconds",
        error.detail,
        LONGEST_PAUSE.as_secs()
    );
    if document.error.as_ref() == Some(&detail) {
        return;
    }
    let command = FailEmbedding {
        document_id: document.id,
        model: model.to_owned(),
        code: error.code,
        detail,
    };
    if let Err(EmbedFailure::Log(error)) = append_and_wait(ingester, document, command).await {
        tracing::info!(document = %document.id, error, "failed to record an embedding failure");
    }
}

/// Appends a command and waits for the read model: it decides which texts are embedded next.
async fn append_and_wait(
    ingester: &Ingester,
    document: &UnembeddedDocument,
    command: impl Command<Document>,
) -> Result<(), EmbedFailure> {
    let position = execute(ingester, document.id, command).await?.position;
    let reached = ingester
        .progress
        .wait_for(position, super::READ_MODEL_LIMIT)
        .await?;
    match reached >= position {
        true => Ok(()),
        false => Err(EmbedFailure::Log(
            "the read model did not catch up in time".to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_that_was_unavailable_for_long_is_retried_soon() {
        let mut pause = Pause::default();
        let now = Instant::now();
        assert!(pause.is_over(now));
        for _ in 0..100 {
            pause.lengthen(now);
        }
        assert!(!pause.is_over(now + LONGEST_PAUSE / 2));
        assert!(pause.is_over(now + LONGEST_PAUSE));
        assert!(LONGEST_PAUSE <= Duration::from_secs(30));
    }
}
