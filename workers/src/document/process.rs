//! One document from its file to its passages. Safe to be killed at any point: the next attempt begins anew.

use std::time::Duration;

use domain::document::{Document, DocumentCommand, Extent, FailureCode, Passage};
use eventstore::Lease;
use eventstore::executor::{Committed, Context, Execution, ExecutorError, step};
use eventstore::files::FilesError;
use projections::document::PendingDocument;
use projections::file::queries as files;
use projections::knowledge::queries as knowledge;
use uuid::Uuid;

use super::chunk::{Chunked, Piece};
use super::extract::Failed;
use super::reader::{self, Lengths};
use super::{Ingester, PAUSE, VIEWS};
use crate::kit::retry;

/// Attempts that a document may cost, one for each worker that died over it, before it is given up.
const ATTEMPTS: u32 = 5;
/// How long the store of files may be away before a document fails.
const STORE_LIMIT: Duration = Duration::from_mins(10);
/// Bytes of text that one event holds, about.
const BATCH: usize = 128 * 1024;

pub(super) async fn process(ingester: &Ingester, document: &PendingDocument, lease: Lease) {
    let ended = tokio::select! {
        ended = attempt(ingester, document, &lease) => ended,
        () = lease.wait_until_lost() => Err(Stop::Refused("another worker has taken it over".to_owned())),
    };
    match ended {
        Ok(position) => {
            // Shown as ended before it is let go.
            let _ = ingester.progress.wait_for(position, VIEWS).await;
        }
        Err(Stop::Refused(error)) => {
            tracing::info!(document = %document.id, %error, "a document was deleted or taken over");
        }
        Err(Stop::Later(error)) => {
            tracing::warn!(document = %document.id, error, "failed to process a document; retrying");
            tokio::time::sleep(PAUSE).await;
        }
    }
    lease.release().await;
}

/// Why an attempt goes no further.
enum Stop {
    /// The document is gone, or somebody else's.
    Refused(String),
    /// It failed for a reason that nobody foresaw: it is tried again, a few times.
    Later(String),
}

impl From<ExecutorError> for Stop {
    fn from(error: ExecutorError) -> Self {
        match error {
            ExecutorError::Refused(refusal) => Self::Refused(refusal.to_string()),
            // Its key was destroyed with it.
            ExecutorError::Key(error) => Self::Refused(error.to_string()),
            error => Self::Later(error.to_string()),
        }
    }
}

impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Self {
        Self::Later(error.to_string())
    }
}

/// Tells the position of the end. While the database or the store of files is away, each step is tried again: that is
/// no attempt more.
async fn attempt(
    ingester: &Ingester,
    document: &PendingDocument,
    lease: &Lease,
) -> Result<i64, Stop> {
    let attempt = u32::try_from(document.attempt).unwrap_or(0) + 1;
    let append = async |command: DocumentCommand| {
        retry(lease, "append what a document says", || {
            execute(ingester, document.id, command.clone())
        })
        .await
    };
    // One that was appended by a try whose answer was lost is refused the next time: that costs an attempt.
    append(DocumentCommand::StartProcessing { attempt }).await?;
    let read = match attempt > ATTEMPTS {
        true => Err(Failed::new(
            FailureCode::Internal,
            "several workers died over this document; the server's log says more",
        )),
        false => passages(ingester, document, lease).await?,
    };
    let chunked = match read {
        Ok(chunked) => chunked,
        Err(failed) => {
            let command = DocumentCommand::FailProcessing {
                document_id: document.id,
                attempt,
                code: failed.code,
                detail: failed.detail,
            };
            return Ok(append(command).await?.position);
        }
    };
    let extent = Extent {
        pages: chunked.pages,
        passages: u32::try_from(chunked.pieces.len()).unwrap_or(u32::MAX),
        characters: chunked.characters,
    };
    let left_out = chunked.left_out.clone();
    for passages in batches(chunked) {
        let command = DocumentCommand::AddPassages {
            document_id: document.id,
            attempt,
            passages,
        };
        append(command).await?;
    }
    let complete = DocumentCommand::CompleteProcessing {
        attempt,
        extent,
        left_out,
    };
    Ok(append(complete).await?.position)
}

/// What a document says, or why it cannot be read.
async fn passages(
    ingester: &Ingester,
    document: &PendingDocument,
    lease: &Lease,
) -> Result<Result<Chunked, Failed>, Stop> {
    let pool = &ingester.source.pool;
    let chunking = retry(lease, "read how a document is cut", || {
        knowledge::chunking(pool, document.knowledge_base_id)
    });
    let Some((tokens, overlap)) = chunking.await? else {
        return Err(Stop::Refused("its knowledge base was deleted".to_owned()));
    };
    let missing = || Failed::new(FailureCode::FileMissing, "its file is not there any more");
    let ids = [document.file_id];
    let file = retry(lease, "look for the file of a document", || {
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
        tracing::error!(document = %document.id, %error, "the file of a document could not be read");
        let detail = "its file could not be read; the server's log says why. Reprocess the document once it can be";
        Ok(Err(Failed::new(FailureCode::Internal, detail)))
    };
    let bytes = match tokio::time::timeout(STORE_LIMIT, bytes).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(FilesError::Missing(_))) => return Ok(Err(missing())),
        Ok(Err(FilesError::Vault(error))) => {
            return Ok(Err(Failed::new(FailureCode::Unreadable, error.to_string())));
        }
        Ok(Err(error)) => return unreadable(&error),
        // One file that cannot be read must not keep all others waiting for ever.
        Err(elapsed) => return unreadable(&elapsed),
    };
    let lengths = Lengths { tokens, overlap };
    Ok(reader::read(&ingester.program, &document.media_type, lengths, bytes).await)
}

/// Passages with their ids, in events of a sensible size.
fn batches(chunked: Chunked) -> Vec<Vec<Passage>> {
    let mut batches: Vec<Vec<Passage>> = Vec::new();
    let mut bytes = usize::MAX;
    for (number, piece) in (0..).zip(chunked.pieces) {
        if bytes >= BATCH {
            batches.push(Vec::new());
            bytes = 0;
        }
        bytes += piece.text.len();
        if let Some(batch) = batches.last_mut() {
            batch.push(passage(number, piece, &chunked.language));
        }
    }
    batches
}

fn passage(number: u32, piece: Piece, language: &str) -> Passage {
    Passage {
        id: Uuid::now_v7(),
        number,
        text: piece.text,
        headings: piece.headings,
        page: piece.page,
        page_name: piece.page_name,
        language: language.to_owned(),
    }
}

pub(super) async fn execute(
    ingester: &Ingester,
    id: Uuid,
    command: DocumentCommand,
) -> Result<Committed, ExecutorError> {
    let step = step::<Document>(id, None, command);
    let execution = Execution::new(Context::worker("ingester", None), vec![step]);
    ingester.executor.execute(execution).await
}
