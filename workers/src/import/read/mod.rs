//! The process that reads an import: it has two pipes, limited memory, and access to nothing else.

mod chatgpt;
mod json;
mod limits;
mod own;
mod parent;

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use zip::ZipArchive;

use self::limits::without_mark;
use self::parent::{Parent, Source};
use crate::confined::{Limits, confined};

pub(super) const LIMITS: Limits = Limits {
    memory: 512 * 1024 * 1024,
    seconds: 300,
};

/// Bytes at the start that identify the format.
const HEAD: u64 = 4096;

/// Why reading ended early.
#[derive(Debug)]
enum Fault {
    /// For the person who imports.
    Unreadable(String),
    /// The server is gone.
    Gone(io::Error),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Gone(error)
    }
}

fn unreadable(error: &dyn std::fmt::Display) -> Fault {
    Fault::Unreadable(format!("the file could not be read: {error}"))
}

/// Reads the import from standard input, and reports what it finds on standard output.
pub fn run() -> io::Result<()> {
    let told = confined(LIMITS, || {
        let (input, output) = (io::stdin(), io::stdout());
        let parent = Parent::new(Box::new(input), Box::new(output));
        let read = read(&parent);
        parent.end(read)
    })?;
    told.unwrap_or_else(|| Err(io::Error::other("the reader broke off")))
}

fn read(parent: &Parent) -> Result<(), Fault> {
    let mut file = parent.file()?;
    let mut head = Vec::new();
    let begun = (&mut file).take(HEAD).read_to_end(&mut head);
    begun
        .and_then(|_| file.seek(SeekFrom::Start(0)))
        .map_err(|error| unreadable(&error))?;
    if head.starts_with(b"PK") {
        return archive(file, parent);
    }
    let reader = BufReader::new(without_mark(file)?);
    let text = String::from_utf8_lossy(&head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    match text.chars().next() {
        Some('{') if text.contains(projections::portable::CONVERSATION_FORMAT) => {
            own::conversation(reader, parent)
        }
        Some('{') => chatgpt::single(reader, parent),
        Some('[') => chatgpt::list(reader, parent),
        _ => Err(Fault::Unreadable(NO_EXPORT.to_owned())),
    }
}

/// The error for files of an unknown format.
const NO_EXPORT: &str = "this is no export that can be imported: upload a conversation as JSON or an archive of \
                         ConvoSphere's, or the ZIP file or conversations.json of a ChatGPT export";

fn archive(mut file: Source, parent: &Parent) -> Result<(), Fault> {
    if !limits::directory_fits(&mut file).map_err(|error| unreadable(&error))? {
        let why = "the archive has more entries than can be read";
        return Err(Fault::Unreadable(why.to_owned()));
    }
    let mut zip = ZipArchive::new(file).map_err(|error| unreadable(&error))?;
    let names = names(&zip);
    match own::root(&mut zip, &names) {
        Some(root) => own::archive(&mut zip, (&names, &root), parent),
        None => chatgpt::archive(&mut zip, &names, parent),
    }
}

/// The names of the entries of an archive, without those that some systems add.
fn names(zip: &ZipArchive<Source>) -> Vec<String> {
    let names = zip.file_names().filter_map(Result::ok);
    let of_others = |name: &String| name.starts_with("__MACOSX/") || last(name).starts_with("._");
    names
        .map(std::borrow::Cow::into_owned)
        .filter(|name| !of_others(name))
        .collect()
}

/// The last part of an entry's name.
fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or_default()
}

/// By the extension of an entry's name.
fn is_json(name: &str) -> bool {
    std::path::Path::new(name)
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("json"))
}
