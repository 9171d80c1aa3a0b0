//! Importing: what a person has said elsewhere, taken over from a file that it has uploaded. Reads the export of this
//! product, a conversation or an archive of everything, and that of `ChatGPT`.
//!
//! Twice the same file changes nothing: ids are derived from who imports and what is imported. A file that harms is read
//! within limits: so much memory for one conversation, and no more files than the quota allows.

mod chatgpt;
mod limits;
mod own;
mod stored;
mod taker;

use std::io::{BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use eventstore::log::LogError;
use projections::file::queries as files;
use projections::job::work::Ended;
use tokio::runtime::Handle;
use uuid::Uuid;
use zip::ZipArchive;

use self::stored::Stored;
use self::taker::Taker;
use crate::Work;

/// Why an import ended before its end.
#[derive(Debug, thiserror::Error)]
enum Stop {
    /// For whoever has asked for it.
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

/// Imports a file of a person's.
pub(crate) async fn import(
    work: &Work,
    owner: Uuid,
    file: Uuid,
    done: &Arc<AtomicI64>,
) -> Result<Ended, LogError> {
    let Some(file) = files::find(&work.source.pool, owner, file).await? else {
        return Ok(Ended::Failed("the file is not there any more".to_owned()));
    };
    let cancelled = Cancelled::default();
    let taker = Taker::new(work, owner, done.clone(), cancelled.flag.clone()).await;
    let mut taker = match taker {
        Ok(taker) => taker,
        Err(Stop::Log(error)) => return Err(error),
        Err(stop) => return Ok(Ended::Failed(stop.to_string())),
    };
    let stored = Stored::new(work.files.clone(), &file, Handle::current());
    // Reading and unpacking take their time: they run beside the runtime.
    let read = tokio::task::spawn_blocking(move || {
        read(stored, &mut taker)?;
        // Whoever hears of its end sees what it has brought.
        taker.settle()?;
        Ok(taker.told())
    });
    match read.await {
        Ok(Ok(told)) => Ok(Ended::Completed(told)),
        Ok(Err(Stop::Log(error))) => Err(error),
        Ok(Err(Stop::Cancelled)) => Ok(Ended::Cancelled),
        Ok(Err(Stop::Unreadable(why))) => Ok(Ended::Failed(why)),
        Err(error) => {
            tracing::error!(%error, "an import broke off");
            Ok(Ended::Failed(
                "the file could not be read; the server's log says why".to_owned(),
            ))
        }
    }
}

/// Tells what reads that nobody waits for it any more.
#[derive(Default)]
struct Cancelled {
    flag: Arc<AtomicBool>,
}

impl Drop for Cancelled {
    fn drop(&mut self) {
        self.flag.store(true, Ordering::Relaxed);
    }
}

/// Bytes at the beginning that tell what a file is.
const HEAD: u64 = 4096;

fn read(mut stored: Stored, taker: &mut Taker) -> Result<(), Stop> {
    let mut head = Vec::new();
    let begun = (&mut stored).take(HEAD).read_to_end(&mut head);
    begun
        .and_then(|_| stored.seek(SeekFrom::Start(0)))
        .map_err(|error| unreadable(&error))?;
    if head.starts_with(b"PK") {
        if !limits::directory_fits(&mut stored).map_err(|error| unreadable(&error))? {
            let why = "the archive has more entries than can be read";
            return Err(Stop::Unreadable(why.to_owned()));
        }
        let mut zip = ZipArchive::new(stored).map_err(|error| unreadable(&error))?;
        let is_own = zip
            .index_for_name(projections::portable::MANIFEST)
            .is_some();
        return match is_own {
            true => own::archive(&mut zip, taker),
            false => chatgpt::archive(&mut zip, taker),
        };
    }
    let text = String::from_utf8_lossy(&head);
    let reader = BufReader::new(stored);
    if text.contains(projections::portable::CONVERSATION) {
        return own::conversation(reader, taker);
    }
    match text.trim_start_matches('\u{feff}').trim_start().starts_with('[') {
        true => chatgpt::list(reader, taker),
        false => Err(Stop::Unreadable(
            "this is no export that can be imported: upload a conversation as JSON or an archive of ConvoSphere's, or \
             the ZIP file or conversations.json of a ChatGPT export"
                .to_owned(),
        )),
    }
}

fn unreadable(error: &dyn std::fmt::Display) -> Stop {
    Stop::Unreadable(format!("the file could not be read: {error}"))
}

/// By the name of an entry of an archive.
fn is_json(name: &str) -> bool {
    std::path::Path::new(name)
        .extension()
        .is_some_and(|ending| ending == "json")
}

/// The names of the entries of an archive.
fn names(zip: &ZipArchive<Stored>) -> Vec<String> {
    let names = zip.file_names().filter_map(Result::ok);
    names.map(std::borrow::Cow::into_owned).collect()
}
