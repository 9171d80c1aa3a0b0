//! The process that reads an import: it has two pipes, limited memory, and access to nothing else.

mod chatgpt;
mod json;
mod limits;
mod own;
mod parent;

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use zip::ZipArchive;

use self::limits::skip_byte_order_mark;
use self::parent::{Parent, RemoteFile};
use crate::confined::{Limits, run_confined};

pub(super) const LIMITS: Limits = Limits {
    memory: 512 * 1024 * 1024,
    seconds: 300,
};

/// Bytes at the start that identify the format.
const HEAD: u64 = 4096;

/// Why reading ended early.
#[derive(Debug)]
enum ReadError {
    /// For the person who imports.
    Unreadable(String),
    /// The server is gone.
    Disconnected(io::Error),
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::Disconnected(error)
    }
}

fn unreadable(error: &dyn std::fmt::Display) -> ReadError {
    ReadError::Unreadable(format!("the file could not be read: {error}"))
}

/// Reads the import from standard input, and reports what it finds on standard output.
pub fn run() -> io::Result<()> {
    let result = run_confined(LIMITS, || {
        let (input, output) = (io::stdin(), io::stdout());
        let parent = Parent::new(Box::new(input), Box::new(output));
        let result = read_file(&parent);
        parent.finish(result)
    })?;
    result.unwrap_or_else(|| Err(io::Error::other("the reader panicked")))
}

fn read_file(parent: &Parent) -> Result<(), ReadError> {
    let mut file = parent.open_file()?;
    let mut head = Vec::new();
    let read = (&mut file).take(HEAD).read_to_end(&mut head);
    read.and_then(|_| file.seek(SeekFrom::Start(0)))
        .map_err(|error| unreadable(&error))?;
    if head.starts_with(b"PK") {
        return read_archive(file, parent);
    }
    let reader = BufReader::new(skip_byte_order_mark(file)?);
    let text = String::from_utf8_lossy(&head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    match text.chars().next() {
        Some('{') if text.contains(projections::portable::CONVERSATION_FORMAT) => {
            own::read_conversation(reader, parent)
        }
        Some('{') => chatgpt::read_single(reader, parent),
        Some('[') => chatgpt::read_list(reader, parent),
        _ => Err(ReadError::Unreadable(UNKNOWN_FORMAT.to_owned())),
    }
}

/// The error for files of an unknown format.
const UNKNOWN_FORMAT: &str = "the file is not a supported export: upload a conversation (JSON) or an archive exported by \
                              ConvoSphere, or the ZIP file or conversations.json of a ChatGPT export";

fn read_archive(mut file: RemoteFile, parent: &Parent) -> Result<(), ReadError> {
    if !limits::directory_fits(&mut file).map_err(|error| unreadable(&error))? {
        let reason = "the archive has too many entries";
        return Err(ReadError::Unreadable(reason.to_owned()));
    }
    let mut zip = ZipArchive::new(file).map_err(|error| unreadable(&error))?;
    let names = entry_names(&zip);
    match own::find_root(&mut zip, &names) {
        Some(root) => own::read_archive(&mut zip, (&names, &root), parent),
        None => chatgpt::read_archive(&mut zip, &names, parent),
    }
}

/// The names of the entries of an archive, without those that some systems add.
fn entry_names(zip: &ZipArchive<RemoteFile>) -> Vec<String> {
    let names = zip.file_names().filter_map(Result::ok);
    let is_metadata =
        |name: &String| name.starts_with("__MACOSX/") || file_name(name).starts_with("._");
    names
        .map(std::borrow::Cow::into_owned)
        .filter(|name| !is_metadata(name))
        .collect()
}

/// The last part of an entry's name.
fn file_name(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or_default()
}

/// By the extension of an entry's name.
fn is_json(name: &str) -> bool {
    std::path::Path::new(name)
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}
