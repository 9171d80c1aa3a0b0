//! Gives passages their vectors. Safe to be killed at any point: what the log has been told is not paid for again.

use std::sync::Arc;
use std::time::Duration;

use domain::document::{DocumentCommand, PassageVector};
use domain::response::FailureCode;
use eventstore::Outage;
use eventstore::executor::ExecutorError;
use projections::document::embedding::{self, EmbeddingText, UnembeddedDocument};
use projections::knowledge::{EmbedError, Embedder};
use tokio::time::Instant;

use super::process::execute;
use super::{Ingester, PAUSE, POLL};
use crate::kit::WorkQueue;

/// Texts of one call.
const TEXTS: i64 = 32;
/// Calls for one document before others have their turn.
const CALLS: usize = 8;
/// Until what has failed is tried again: doubled with each failure after another. A try is one call, so even the longest
/// pause is short: documents continue soon after a model is back.
const SHORTEST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// The longest pause while the database is away.
const AWAY_PAUSE: Duration = Duration::from_secs(2);

/// Embeds whatever has passages without vectors of this model: new documents, and all of them after a change of model.
pub(super) async fn run(ingester: Ingester, embedder: Arc<dyn Embedder>) {
    let ingester = &ingester;
    let pool = &ingester.source.pool;
    let mut pause = Pause::default();
    let mut outage = Outage::new("read documents that wait for vectors", PAUSE, AWAY_PAUSE);
    let mut changes = ingester.progress.subscribe(Ingester::VIEW);
    loop {
        let failed_too = pause.is_over(Instant::now());
        match embedding::list_pending(pool, embedder.model(), failed_too, 1).await {
            Ok(waiting) => {
                outage.record_success();
                let Some(document) = waiting.first() else {
                    changes.wait(POLL).await;
                    continue;
                };
                match turn(ingester, embedder.as_ref(), document).await {
                    // The model answers: what failed before need not wait any longer.
                    Turn::Went => pause = Pause::default(),
                    Turn::Failed => pause.lengthen(Instant::now()),
                    Turn::NotOurs => changes.wait(POLL).await,
                }
            }
            Err(error) => outage.pause(&error).await,
        }
    }
}

/// How long documents that have failed are left alone.
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

enum Turn {
    Went,
    Failed,
    /// Another worker's, or gone.
    NotOurs,
}

/// Why a turn goes no further.
enum Stop {
    Model(EmbedError),
    /// The document is gone, or something is away.
    Log(String),
}

impl From<ExecutorError> for Stop {
    fn from(error: ExecutorError) -> Self {
        Self::Log(error.to_string())
    }
}

impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Self {
        Self::Log(error.to_string())
    }
}

async fn turn(ingester: &Ingester, embedder: &dyn Embedder, document: &UnembeddedDocument) -> Turn {
    let Ok(Some(lease)) = ingester.leases.take(document.id).await else {
        return Turn::NotOurs;
    };
    let turn = match embed(ingester, embedder, document).await {
        Ok(()) => Turn::Went,
        Err(Stop::Log(error)) => {
            tracing::info!(document = %document.id, error, "a document was not embedded");
            tokio::time::sleep(PAUSE).await;
            Turn::NotOurs
        }
        Err(Stop::Model(error)) => {
            fail(ingester, embedder.model(), document, error).await;
            Turn::Failed
        }
    };
    lease.release().await;
    turn
}

/// Some calls' worth of one document; its end where nothing is left.
async fn embed(
    ingester: &Ingester,
    embedder: &dyn Embedder,
    document: &UnembeddedDocument,
) -> Result<(), Stop> {
    let (pool, model) = (&ingester.source.pool, embedder.model());
    for _ in 0..CALLS {
        let texts =
            embedding::pending_texts(pool, document.id, document.attempt, model, TEXTS).await?;
        if texts.is_empty() {
            let command = DocumentCommand::CompleteEmbedding {
                attempt: u32::try_from(document.attempt).unwrap_or(0),
                model: model.to_owned(),
            };
            return told(ingester, document, command).await;
        }
        let vectors = vectors(embedder, &texts).await.map_err(Stop::Model)?;
        let before = embedding::dimensions(pool, document.id, model).await?;
        let now = vectors.first().map(|one| one.vector.dimensions());
        if let (Some(before), Some(now)) = (before, now)
            && before != now
        {
            return Err(Stop::Model(EmbedError {
                code: FailureCode::ProviderError,
                detail: format!(
                    "{model} answers with vectors of {now} numbers, and answered with {before} before; reprocess the \
                     document, or name another model in models.embedding"
                ),
            }));
        }
        let command = DocumentCommand::AddVectors {
            document_id: document.id,
            model: model.to_owned(),
            vectors,
        };
        told(ingester, document, command).await?;
    }
    Ok(())
}

async fn vectors(
    embedder: &dyn Embedder,
    texts: &[EmbeddingText],
) -> Result<Vec<PassageVector>, EmbedError> {
    let asked = texts.iter().map(|text| text.text.clone()).collect();
    let vectors = embedder.embed(asked).await?;
    let embedded = texts
        .iter()
        .zip(vectors)
        .map(|(text, vector)| PassageVector {
            digest: text.digest.clone(),
            vector,
        });
    Ok(embedded.collect())
}

/// Says why, once: a model that is away for a day says it to the log one time.
async fn fail(ingester: &Ingester, model: &str, document: &UnembeddedDocument, error: EmbedError) {
    tracing::warn!(document = %document.id, model, %error, "a document was not embedded; it is tried again");
    let detail = format!(
        "{}; tried again every {} seconds",
        error.detail,
        LONGEST_PAUSE.as_secs()
    );
    if document.error.as_ref() == Some(&detail) {
        return;
    }
    let command = DocumentCommand::FailEmbedding {
        document_id: document.id,
        model: model.to_owned(),
        code: error.code,
        detail,
    };
    if let Err(Stop::Log(error)) = told(ingester, document, command).await {
        tracing::info!(document = %document.id, error, "a failure was not told");
    }
}

/// Appends, and waits until the views show it: what they lack is what is asked for next.
async fn told(
    ingester: &Ingester,
    document: &UnembeddedDocument,
    command: DocumentCommand,
) -> Result<(), Stop> {
    let position = execute(ingester, document.id, command).await?.position;
    let reached = ingester.progress.wait_for(position, super::VIEWS).await?;
    match reached >= position {
        true => Ok(()),
        false => Err(Stop::Log("the views are late".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_that_was_away_for_long_is_asked_again_soon() {
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
