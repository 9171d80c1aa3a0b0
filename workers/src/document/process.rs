//! Turns a document's file into passages. Safe to be killed at any point: the next attempt starts from the beginning.

use std::time::Duration;

use domain::Command;
use domain::document::{
    AddPassages, CompleteProcessing, Document, DocumentCommand, Extent, FailProcessing,
    FailureCode, Passage, StartProcessing,
};
use eventstore::Clock;
use eventstore::command::{Committed, Context, Execution, ExecutorError, step};
use eventstore::files::FilesError;
use projections::document::PendingDocument;
use projections::file::queries as files;
use projections::knowledge::queries as knowledge;
use runtime::Lease;
use uuid::Uuid;

use super::chunk::{Chunk, ChunkedDocument};
use super::extract::ExtractError;
use super::reader::{self, ChunkLimits};
use super::{Ingester, PAUSE, READ_MODEL_LIMIT};
use crate::kit::retry;

/// Attempts before a document fails: each is a worker that died over it.
const MAX_ATTEMPTS: u32 = 5;
/// How long the file store may be unavailable before a document fails.
const STORE_LIMIT: Duration = Duration::from_mins(10);
/// Approximate bytes of text per event.
const BATCH_BYTES: usize = 128 * 1024;

pub(super) async fn process(ingester: &Ingester, document: &PendingDocument, lease: Lease) {
    let outcome = tokio::select! {
        outcome = attempt(ingester, document, &lease) => outcome,
        () = lease.wait_until_lost() => Err(AttemptError::Refused("another worker has taken it over".to_owned())),
    };
    match outcome {
        Ok(position) => {
            // Wait until the read model shows the outcome, then release the lease.
            let _ = ingester.progress.wait_for(position, READ_MODEL_LIMIT).await;
        }
        Err(AttemptError::Refused(error)) => {
            tracing::info!(document = %document.id, %error, "a document was deleted or taken over");
        }
        Err(AttemptError::Retry(error)) => {
            tracing::warn!(document = %document.id, error, "failed to process a document; retrying");
            tokio::time::sleep(PAUSE).await;
        }
    }
    lease.release().await;
}

/// Why an attempt was abandoned.
enum AttemptError {
    /// The document is gone, or another worker has it.
    Refused(String),
    /// Unexpected failure; the document is retried a few times.
    Retry(String),
}

impl From<ExecutorError> for AttemptError {
    fn from(error: ExecutorError) -> Self {
        match error {
            ExecutorError::Refused(refusal) => Self::Refused(refusal.to_string()),
            // The key was destroyed with the document.
            ExecutorError::Key(error) => Self::Refused(error.to_string()),
            error => Self::Retry(error.to_string()),
        }
    }
}

impl From<sqlx::Error> for AttemptError {
    fn from(error: sqlx::Error) -> Self {
        Self::Retry(error.to_string())
    }
}

/// Returns the position of the last event. Steps are retried while the database or the file store is unavailable; this
/// does not count as an attempt.
async fn attempt(
    ingester: &Ingester,
    document: &PendingDocument,
    lease: &Lease,
) -> Result<i64, AttemptError> {
    let attempt = u32::try_from(document.attempt).unwrap_or(0) + 1;
    let append = async |command: DocumentCommand| {
        retry(lease, "append passages of a document", || {
            execute(ingester, document.id, command.clone())
        })
        .await
    };
    // If the answer of an append was lost, its retry is refused: that costs an attempt.
    append(StartProcessing { attempt }.into()).await?;
    let read = match attempt > MAX_ATTEMPTS {
        true => Err(ExtractError::new(
            FailureCode::Internal,
            "several workers died while reading this document; see the server log",
        )),
        false => read_passages(ingester, document, lease).await?,
    };
    let chunked = match read {
        Ok(chunked) => chunked,
        Err(failed) => {
            let command = FailProcessing {
                document_id: document.id,
                attempt,
                code: failed.code,
                detail: failed.detail,
            };
            return Ok(append(command.into()).await?.position);
        }
    };
    let extent = Extent {
        pages: chunked.pages,
        passages: u32::try_from(chunked.chunks.len()).unwrap_or(u32::MAX),
        characters: chunked.characters,
    };
    let left_out = chunked.left_out.clone();
    for passages in batch_passages(chunked, ingester.executor.clock()) {
        let command = AddPassages {
            document_id: document.id,
            attempt,
            passages,
        };
        append(command.into()).await?;
    }
    let complete = CompleteProcessing {
        attempt,
        extent,
        left_out,
    };
    Ok(append(complete.into()).await?.position)
}

/// Reads and splits a document. The inner error says why it cannot be read.
async fn read_passages(
    ingester: &Ingester,
    document: &PendingDocument,
    lease: &Lease,
) -> Result<Result<ChunkedDocument, ExtractError>, AttemptError> {
    let pool = &ingester.source.pool;
    let chunking = retry(lease, "read the chunk size of a knowledge base", || {
        knowledge::chunking(pool, document.knowledge_base_id)
    });
    let Some((tokens, overlap)) = chunking.await? else {
        return Err(AttemptError::Refused(
            "its knowledge base was deleted".to_owned(),
        ));
    };
    let missing = || ExtractError::new(FailureCode::FileMissing, "its file no longer exists");
    let ids = [document.file_id];
    let file = retry(lease, "find the file of a document", || {
        files::find_many(pool, &ids)
    });
    let Some(file) = file.await?.pop() else {
        return Ok(Err(missing()));
    };
    let size = u64::try_from(file.size).unwrap_or(0);
    let bytes = retry(lease, "read the file of a document", || {
        ingester.files.read_all(file.id, size)
    });
    let unreadable = |error: &dyn std::fmt::Display| {
        tracing::error!(document = %document.id, %error, "failed to read the file of a document");
        let detail =
            "its file could not be read; see the server log, and reprocess the document afterwards";
        Ok(Err(ExtractError::new(FailureCode::Internal, detail)))
    };
    let bytes = match tokio::time::timeout(STORE_LIMIT, bytes).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(FilesError::Missing(_))) => return Ok(Err(missing())),
        Ok(Err(FilesError::Vault(error))) => {
            return Ok(Err(ExtractError::new(
                FailureCode::Unreadable,
                error.to_string(),
            )));
        }
        Ok(Err(error)) => return unreadable(&error),
        // One unreadable file must not block all others.
        Err(elapsed) => return unreadable(&elapsed),
    };
    let limits = ChunkLimits { tokens, overlap };
    Ok(reader::read(&ingester.program, &document.media_type, limits, bytes).await)
}

/// Assigns ids to passages and batches them by size, one event per batch.
fn batch_passages(chunked: ChunkedDocument, clock: &Clock) -> Vec<Vec<Passage>> {
    let mut batches: Vec<Vec<Passage>> = Vec::new();
    let mut bytes = usize::MAX;
    for (number, chunk) in (0..).zip(chunked.chunks) {
        if bytes >= BATCH_BYTES {
            batches.push(Vec::new());
            bytes = 0;
        }
        bytes += chunk.text.len();
        if let Some(batch) = batches.last_mut() {
            batch.push(to_passage(clock.new_id(), number, chunk, &chunked.language));
        }
    }
    batches
}

fn to_passage(id: Uuid, number: u32, chunk: Chunk, language: &str) -> Passage {
    Passage {
        id,
        number,
        text: chunk.text,
        headings: chunk.headings,
        page: chunk.page,
        page_name: chunk.page_name,
        language: language.to_owned(),
    }
}

pub(super) async fn execute(
    ingester: &Ingester,
    id: Uuid,
    command: impl Command<Document>,
) -> Result<Committed, ExecutorError> {
    let step = step(id, None, command);
    let execution = Execution::new(Context::worker("ingester", None), vec![step]);
    ingester.executor.execute(execution).await
}
