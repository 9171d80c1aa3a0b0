//! Imports what a person has written elsewhere, from an uploaded file: the export of this product (a conversation or an
//! archive of everything) or of `ChatGPT`.
//!
//! Importing a file twice changes nothing: ids are derived from the owner and the source. The file is not parsed here:
//! [`read`] runs in a confined process and reports what it finds over [`wire`]; the [`importer`] turns that into
//! commands, within the file quota.

mod child;
mod importer;
mod read;
mod stored;
mod wire;

use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use eventstore::log::LogError;
use projections::file::queries as files;
use projections::job::work::JobOutcome;
use tokio::runtime::Handle;
use tokio::sync::watch;
use uuid::Uuid;

pub use self::read::run as run_child;

use self::child::Reader;
use self::importer::{Importer, Progress};
use self::stored::StoredFile;
use self::wire::{Frame, ReaderMessage};
use crate::JobContext;

/// Why an import ended early.
#[derive(Debug, thiserror::Error)]
enum ImportError {
    /// For the person who imports.
    #[error("{0}")]
    Unreadable(String),
    #[error("the import was cancelled")]
    Cancelled,
    #[error(transparent)]
    Log(#[from] LogError),
}

impl From<sqlx::Error> for ImportError {
    fn from(error: sqlx::Error) -> Self {
        Self::Log(error.into())
    }
}

/// Imports a file of a person.
pub(crate) async fn import_file(
    context: &JobContext,
    owner: Uuid,
    file: Uuid,
    done: &Arc<AtomicI64>,
) -> Result<JobOutcome, LogError> {
    let Some(file) = files::find(&context.source.pool, owner, file).await? else {
        return Ok(JobOutcome::Failed("the file no longer exists".to_owned()));
    };
    // Dropped with this future, which tells the reader and the importer that the import is cancelled.
    let (_alive, cancellation) = watch::channel(());
    let progress = Progress {
        done: done.clone(),
        cancellation: cancellation.clone(),
    };
    let mut importer = match Importer::new(context, owner, progress).await {
        Ok(importer) => importer,
        Err(ImportError::Log(error)) => return Err(error),
        Err(error) => return Ok(JobOutcome::Failed(error.to_string())),
    };
    let mut file = StoredFile::new(context.files.clone(), &file, Handle::current());
    let mut reader = match Reader::start(&context.program, cancellation) {
        Ok(reader) => reader,
        Err(error) => {
            tracing::error!(%error, "cannot start the reader of imports");
            return Ok(read_failure());
        }
    };
    // Importing waits for the database, so it runs outside the runtime.
    let import = tokio::task::spawn_blocking(move || {
        let result = process_messages(&mut file, &mut reader, &mut importer);
        importer.abort_file();
        result?;
        // Whoever learns that the job has ended must see the result in the views.
        importer.wait_for_views()?;
        Ok(importer.to_json())
    });
    match import.await {
        Ok(Ok(result)) => Ok(JobOutcome::Completed(result)),
        Ok(Err(ImportError::Log(error))) => Err(error),
        Ok(Err(ImportError::Cancelled)) => Ok(JobOutcome::Cancelled),
        Ok(Err(ImportError::Unreadable(why))) => Ok(JobOutcome::Failed(why)),
        Err(error) => {
            tracing::error!(%error, "an import panicked");
            Ok(read_failure())
        }
    }
}

fn read_failure() -> JobOutcome {
    JobOutcome::Failed("the file could not be read; see the server log".to_owned())
}

/// Processes the messages of the reader until it is done.
fn process_messages(
    file: &mut StoredFile,
    reader: &mut Reader,
    importer: &mut Importer,
) -> Result<(), ImportError> {
    loop {
        let message = match reader.next_frame()? {
            Frame::Message(message) => message,
            Frame::Chunk(chunk) => {
                let is_wanted = importer.write_chunk(&chunk)?;
                reader.respond(&[u8::from(is_wanted)])?;
                continue;
            }
        };
        match message {
            ReaderMessage::Size => reader.respond(&file.size().to_le_bytes())?,
            ReaderMessage::Read { position, length } => {
                reader.respond(&read_range(file, position, length)?)?;
            }
            ReaderMessage::HasFile { sha256 } => {
                let exists = importer.has_file(&sha256)?;
                reader.respond(&[u8::from(exists)])?;
            }
            ReaderMessage::File { name, media_type } => importer.start_file(&name, &media_type)?,
            ReaderMessage::FileEnd => {
                let digest = importer.finish_file()?.unwrap_or_default();
                reader.respond(digest.as_bytes())?;
            }
            ReaderMessage::AbortFile => drop(importer.abort_file()),
            ReaderMessage::MissingFile { name } => importer.add_missing_file(&name),
            ReaderMessage::WaitForViews => importer.wait_for_views()?,
            ReaderMessage::KnowledgeBase { base, digests } => {
                importer.import_knowledge_base(&base, &digests)?;
            }
            ReaderMessage::Assistant(assistant) => importer.import_assistant(&assistant)?,
            ReaderMessage::Conversation(conversation) => {
                importer.start_conversation(conversation)?;
            }
            ReaderMessage::Messages(messages) => importer.import_messages(messages)?,
            ReaderMessage::EndConversation => importer.finish_conversation(),
            ReaderMessage::Rejected { what, reason } => importer.reject(&what, &reason),
            ReaderMessage::Skipped { count } => importer.skip(count),
            ReaderMessage::Digest(digest) => importer.digest = Some(digest),
            ReaderMessage::Done => return Ok(()),
            ReaderMessage::Unreadable(why) => return Err(ImportError::Unreadable(why)),
        }
    }
}

/// A range of the file; shorter at its end.
fn read_range(file: &mut StoredFile, position: u64, length: u32) -> Result<Vec<u8>, ImportError> {
    let mut bytes = Vec::new();
    let length = u64::from(length).min(stored::RANGE_LIMIT);
    let read = file.seek(SeekFrom::Start(position));
    let read = read.and_then(|_| file.take(length).read_to_end(&mut bytes));
    read.map_err(|error| unreadable_error(&error))?;
    Ok(bytes)
}

fn unreadable_error(error: &dyn std::fmt::Display) -> ImportError {
    ImportError::Unreadable(format!("the file could not be read: {error}"))
}
