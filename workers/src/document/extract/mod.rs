//! Extracts the text of documents, in sections with their headings and pages. Runs in a separate process (`child.rs`).

mod blocks;
mod checkbox;
mod child;
#[cfg(test)]
mod corpus;
mod encoding;
mod html;
mod json;
mod mail;
mod markdown;
mod office;
mod outline;
mod pdf;
mod script;
mod strikethrough;
mod table;
mod text;

use domain::document::{FailureCode, Omission};
use domain::file::MediaType;
use serde::{Deserialize, Serialize};

pub use child::{ExtractRequest, run as run_child};

/// Maximum number of characters of a document.
const MAX_CHARACTERS: usize = 20_000_000;
/// Maximum number of pages, slides or sheets of a document.
const MAX_PAGES: usize = 10_000;

/// Text below the same headings on the same page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    pub headings: Vec<String>,
    /// From 1, if the document has pages, slides or sheets.
    pub page: Option<u32>,
    /// The name of the page, such as that of a sheet.
    pub page_name: Option<String>,
    /// The caption of a table, which each passage of the section repeats.
    pub caption: String,
    pub text: String,
}

/// The text of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExtractedDocument {
    pub sections: Vec<Section>,
    pub pages: Option<u32>,
    /// What the document contains and the sections do not.
    pub left_out: Vec<Omission>,
}

/// Why no text could be extracted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{detail}")]
pub struct ExtractError {
    pub code: FailureCode,
    pub detail: String,
}

impl ExtractError {
    pub fn new(code: FailureCode, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self { code, detail }
    }

    fn unreadable(error: impl std::fmt::Display) -> Self {
        Self::new(
            FailureCode::Unreadable,
            format!("the document cannot be read: {error}"),
        )
    }

    fn encrypted() -> Self {
        Self::new(
            FailureCode::Encrypted,
            "the document is protected by a password; save it without one and upload it again",
        )
    }

    fn too_large(detail: impl Into<String>) -> Self {
        Self::new(FailureCode::TooLarge, detail)
    }
}

/// Extracts the text of a document of this media type.
pub fn extract(media_type: &str, bytes: &[u8]) -> Result<ExtractedDocument, ExtractError> {
    let extracted = match media_type {
        "application/pdf" => pdf::extract(bytes)?,
        kind if is_office(kind) => office::extract(bytes)?,
        // Some office documents were uploaded as archives.
        "application/zip" if office::is_package(bytes) => office::extract(bytes)?,
        kind if MediaType::from_name(kind).is_text() => text::extract(kind, bytes)?,
        kind => {
            return Err(ExtractError::new(
                FailureCode::UnsupportedType,
                format!(
                    "files of type {kind} are not supported; use PDF, DOCX, XLSX, PPTX, HTML, Markdown, CSV, mail (EML) or text"
                ),
            ));
        }
    };
    normalize(media_type, extracted)
}

/// Current office documents, and older formats, which are refused by name.
fn is_office(media_type: &str) -> bool {
    MediaType::from_name(media_type).is_office()
        || media_type.starts_with("application/vnd.ms-")
        || ["application/msword", "application/x-ole-storage"].contains(&media_type)
}

fn normalize(
    media_type: &str,
    mut extracted: ExtractedDocument,
) -> Result<ExtractedDocument, ExtractError> {
    for section in &mut extracted.sections {
        text::normalize(&mut section.text);
        text::normalize(&mut section.caption);
        section.headings.iter_mut().for_each(text::normalize);
    }
    extracted
        .sections
        .retain(|section| !section.text.trim().is_empty());
    let characters: usize = extracted
        .sections
        .iter()
        .map(|s| s.text.chars().count())
        .sum();
    if characters > MAX_CHARACTERS {
        return Err(ExtractError::too_large(format!(
            "the document has {characters} characters; the limit is {MAX_CHARACTERS}"
        )));
    }
    if extracted.sections.is_empty() {
        let detail = match MediaType::from_name(media_type).is_text() {
            true => "the document contains no text",
            false => "the document contains no text; run text recognition on scanned pages first",
        };
        return Err(ExtractError::new(FailureCode::NoText, detail));
    }
    Ok(extracted)
}

fn too_many_pages(pages: usize) -> Option<ExtractError> {
    (pages > MAX_PAGES).then(|| {
        ExtractError::too_large(format!(
            "the document has {pages} pages; the limit is {MAX_PAGES}"
        ))
    })
}
