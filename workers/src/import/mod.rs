//! Imports what a person has written elsewhere, from an uploaded file: the export of this product (a conversation or an
//! archive of everything) or of `ChatGPT`.
//!
//! Importing a file twice changes nothing: ids are derived from the owner and the source. The file is not parsed here:
//! [`read`] runs in a confined process and reports what it finds over [`wire`]; the [`importer`] turns that into
//! commands, within the file quota.

mod child;
mod read;
mod stored;
mod taker;
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
use self::stored::Stored;
use self::taker::{Progress, Taker};
use self::wire::{Frame, Told};
use crate::Work;

/// Why an import ended early.
#[derive(Debug, thiserror::Error)]
enum Stop {
    /// For the person who imports.
    #[error("{0}")]
    Unreadable(String),
    #[error("the import was cancelled")]
    Cancelled,
    #[error(transparent)]
    Log(#[from] LogError),
}

impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Self {
        Self::Log(error.into())
    }
}

/// Imports a file of a person.
pub(crate) async fn import(
    work: &Work,
    owner: Uuid,
    file: Uuid,
    done: &Arc<AtomicI64>,
) -> Result<JobOutcome, LogError> {
    let Some(file) = files::find(&work.source.pool, owner, file).await? else {
        return Ok(JobOutcome::Failed(
            "the file is not there any more".to_owned(),
        ));
    };
    // Dropped with this future, which tells the reader and the importer that the import is cancelled.
    let (_waiting, awaited) = watch::channel(());
    let progress = Progress {
        done: done.clone(),
        awaited: awaited.clone(),
    };
    let mut taker = match Taker::new(work, owner, progress).await {
        Ok(taker) => taker,
        Err(Stop::Log(error)) => return Err(error),
        Err(stop) => return Ok(JobOutcome::Failed(stop.to_string())),
    };
    let mut stored = Stored::new(work.files.clone(), &file, Handle::current());
    let mut reader = match Reader::start(&work.program, awaited) {
        Ok(reader) => reader,
        Err(error) => {
            tracing::error!(%error, "the reader of imports could not be run");
            return Ok(broken_off());
        }
    };
    // Importing waits for the database, so it runs outside the runtime.
    let taken = tokio::task::spawn_blocking(move || {
        let taken = take(&mut stored, &mut reader, &mut taker);
        taker.give_up_file();
        taken?;
        // Whoever learns that the job has ended must see the result in the views.
        taker.settle()?;
        Ok(taker.told())
    });
    match taken.await {
        Ok(Ok(told)) => Ok(JobOutcome::Completed(told)),
        Ok(Err(Stop::Log(error))) => Err(error),
        Ok(Err(Stop::Cancelled)) => Ok(JobOutcome::Cancelled),
        Ok(Err(Stop::Unreadable(why))) => Ok(JobOutcome::Failed(why)),
        Err(error) => {
            tracing::error!(%error, "an import broke off");
            Ok(broken_off())
        }
    }
}

fn broken_off() -> JobOutcome {
    JobOutcome::Failed("the file could not be read; the server's log says why".to_owned())
}

/// Processes the messages of the reader until it is done.
fn take(stored: &mut Stored, reader: &mut Reader, taker: &mut Taker) -> Result<(), Stop> {
    loop {
        let told = match reader.next()? {
            Frame::Told(told) => told,
            Frame::Piece(piece) => {
                let more = taker.piece(&piece)?;
                reader.answer(&[u8::from(more)])?;
                continue;
            }
        };
        match told {
            Told::Size => reader.answer(&stored.size().to_le_bytes())?,
            Told::Read { at, length } => reader.answer(&stretch(stored, at, length)?)?,
            Told::HasFile { sha256 } => {
                let known = taker.has_file(&sha256)?;
                reader.answer(&[u8::from(known)])?;
            }
            Told::File { name, media_type } => taker.begin_file(&name, &media_type)?,
            Told::FileEnd => {
                let digest = taker.end_file()?.unwrap_or_default();
                reader.answer(digest.as_bytes())?;
            }
            Told::GiveUpFile => drop(taker.give_up_file()),
            Told::Missing { name } => taker.miss(&name),
            Told::Settle => taker.settle()?,
            Told::KnowledgeBase { base, digests } => taker.knowledge_base(&base, &digests)?,
            Told::Assistant(assistant) => taker.assistant(&assistant)?,
            Told::Conversation(heard) => taker.begin_conversation(heard)?,
            Told::Messages(messages) => taker.messages(messages)?,
            Told::EndConversation => taker.end_conversation(),
            Told::Refuse { what, reason } => taker.refuse(&what, &reason),
            Told::LeaveOut { count } => taker.leave_out(count),
            Told::Digest(digest) => taker.digest = Some(digest),
            Told::Done => return Ok(()),
            Told::Unreadable(why) => return Err(Stop::Unreadable(why)),
        }
    }
}

/// A range of the file; shorter at its end.
fn stretch(stored: &mut Stored, at: u64, length: u32) -> Result<Vec<u8>, Stop> {
    let mut stretch = Vec::new();
    let length = u64::from(length).min(stored::STRETCH);
    let read = stored.seek(SeekFrom::Start(at));
    let read = read.and_then(|_| stored.take(length).read_to_end(&mut stretch));
    read.map_err(|error| unreadable(&error))?;
    Ok(stretch)
}

fn unreadable(error: &dyn std::fmt::Display) -> Stop {
    Stop::Unreadable(format!("the file could not be read: {error}"))
}
