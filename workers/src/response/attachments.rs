//! Reads the files that a question carries before its prompt is made: each once, in a process of its own.

use std::fmt::Write;

use eventstore::files::FilesError;
use projections::file::text::{self, Extraction};
use projections::file::{FileView, queries};
use uuid::Uuid;

use super::Responder;
use crate::document::chunk::Chunked;
use crate::document::reader::{self, Lengths};

/// Characters that are kept of one file.
const CHARACTERS: usize = 200_000;
/// As passages are cut: large, for they are put together again.
const LENGTHS: Lengths = Lengths {
    tokens: 4_000,
    overlap: 0,
};

/// Reads those files among some that nobody has read yet.
pub(super) async fn read(responder: &Responder, ids: &[Uuid]) {
    if ids.is_empty() {
        return;
    }
    let known = match queries::find_many(&responder.pool, ids).await {
        Ok(known) => known,
        Err(error) => {
            tracing::warn!(%error, "attached files could not be looked up");
            return;
        }
    };
    for file in known {
        if let Err(error) = read_one(responder, &file).await {
            tracing::warn!(file = %file.id, %error, "an attached file was not read");
        }
    }
}

async fn read_one(responder: &Responder, file: &FileView) -> Result<(), FilesError> {
    let files = &responder.reader.files;
    if files.has_text(file.id).await? {
        return Ok(());
    }
    // Readers take memory: only so many at once. The semaphore is never closed.
    let _permit = responder.reader.at_once.acquire().await;
    let size = u64::try_from(file.size).unwrap_or(0);
    let bytes = files.read_all(file.id, size).await?;
    let program = &responder.reader.program;
    let reading = match reader::read(program, &file.media_type, LENGTHS, bytes).await {
        Ok(chunked) => Extraction::Text(written_out(chunked)),
        Err(failed) => Extraction::Failed(failed.detail),
    };
    text::save(files, file.id, &reading).await
}

/// A document as one text, with its pages and headings.
fn written_out(chunked: Chunked) -> String {
    let mut text = String::new();
    let mut before = (None, None, vec![]);
    for piece in chunked.pieces {
        let here = (piece.page, piece.page_name, piece.headings);
        if (here.0, &here.1) != (before.0, &before.1)
            && let Some(page) = here.0
        {
            let name = here
                .1
                .as_ref()
                .map_or_else(String::new, |name| format!(": {name}"));
            let _ = writeln!(text, "[page {page}{name}]");
        }
        if here.2 != before.2
            && let Some(heading) = here.2.last()
        {
            let _ = writeln!(text, "{} {heading}", "#".repeat(here.2.len()));
        }
        text.push_str(&piece.text);
        text.push_str("\n\n");
        before = here;
    }
    let length = text.chars().count();
    if length > CHARACTERS {
        text = text.chars().take(CHARACTERS).collect();
        let _ = write!(text, "\n[cut off: {CHARACTERS} of {length} characters]");
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::chunk::Piece;

    #[test]
    fn pages_and_headings_are_named_where_they_begin() {
        let piece = |text: &str, page, headings: &[&str]| Piece {
            text: text.to_owned(),
            headings: headings.iter().map(|one| (*one).to_owned()).collect(),
            page,
            page_name: None,
        };
        let chunked = Chunked {
            pieces: vec![
                piece("One.", Some(1), &["Rules"]),
                piece("Two.", Some(1), &["Rules"]),
                piece("Three.", Some(2), &["Rules", "Pets"]),
            ],
            language: String::new(),
            pages: Some(2),
            characters: 0,
            left_out: vec![],
        };
        let written = written_out(chunked);
        assert_eq!(
            written,
            "[page 1]\n# Rules\nOne.\n\nTwo.\n\n[page 2]\n## Pets\nThree."
        );
    }
}
