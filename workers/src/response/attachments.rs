//! Extracts the text of attachments before the prompt is built: once per file, in a confined process.

use std::fmt::Write;

use domain::file::MediaType;
use eventstore::files::FilesError;
use projections::file::text::{self, Extraction};
use projections::file::{FileView, queries};
use uuid::Uuid;

use super::Responder;
use crate::document::chunk::ChunkedDocument;
use crate::document::reader::{self, ChunkLimits};

/// Characters that are stored per file.
const CHARACTERS: usize = 200_000;
/// Chunks are large, because they are joined again.
const LENGTHS: ChunkLimits = ChunkLimits {
    tokens: 4_000,
    overlap: 0,
};

/// Extracts the text of files that have not been read yet.
pub(super) async fn extract_texts(responder: &Responder, ids: &[Uuid]) {
    if ids.is_empty() {
        return;
    }
    let files = match queries::find_many(&responder.pool, ids).await {
        Ok(files) => files,
        Err(error) => {
            tracing::warn!(%error, "cannot look up attached files");
            return;
        }
    };
    // Models get images as they are.
    let is_read = |file: &FileView| !MediaType::from_name(&file.media_type).is_viewable();
    for file in files.into_iter().filter(is_read) {
        if let Err(error) = extract_text(responder, &file).await {
            tracing::warn!(file = %file.id, %error, "cannot read an attached file");
        }
    }
}

async fn extract_text(responder: &Responder, file: &FileView) -> Result<(), FilesError> {
    let files = &responder.reader.files;
    if files.has_text(file.id).await? {
        return Ok(());
    }
    // Readers need memory, so their number is limited. The semaphore is never closed.
    let _permit = responder.reader.at_once.acquire().await;
    let size = u64::try_from(file.size).unwrap_or(0);
    let bytes = files.read_all(file.id, size).await?;
    let program = &responder.reader.program;
    let reading = match reader::read(program, &file.media_type, LENGTHS, bytes).await {
        Ok(chunked) => Extraction::Text(join_chunks(chunked)),
        Err(error) => Extraction::Failed(error.detail),
    };
    text::save(files, file.id, &reading).await
}

/// Joins a document into one text, with its pages and headings.
fn join_chunks(chunked: ChunkedDocument) -> String {
    let mut text = String::new();
    let mut previous = (None, None, vec![]);
    for piece in chunked.chunks {
        let current = (piece.page, piece.page_name, piece.headings);
        if (current.0, &current.1) != (previous.0, &previous.1)
            && let Some(page) = current.0
        {
            let name = current
                .1
                .as_ref()
                .map_or_else(String::new, |name| format!(": {name}"));
            let _ = writeln!(text, "[page {page}{name}]");
        }
        if current.2 != previous.2
            && let Some(heading) = current.2.last()
        {
            let _ = writeln!(text, "{} {heading}", "#".repeat(current.2.len()));
        }
        text.push_str(&piece.text);
        text.push_str("\n\n");
        previous = current;
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
    use crate::document::chunk::Chunk;

    #[test]
    fn pages_and_headings_are_named_where_they_start() {
        let piece = |text: &str, page, headings: &[&str]| Chunk {
            text: text.to_owned(),
            headings: headings.iter().map(|one| (*one).to_owned()).collect(),
            page,
            page_name: None,
        };
        let chunked = ChunkedDocument {
            chunks: vec![
                piece("One.", Some(1), &["Rules"]),
                piece("Two.", Some(1), &["Rules"]),
                piece("Three.", Some(2), &["Rules", "Pets"]),
            ],
            language: String::new(),
            pages: Some(2),
            characters: 0,
            left_out: vec![],
        };
        let text = join_chunks(chunked);
        assert_eq!(
            text,
            "[page 1]\n# Rules\nOne.\n\nTwo.\n\n[page 2]\n## Pets\nThree."
        );
    }
}
