//! Text of documents, in sections that know their headings and pages. Runs in a process of its own (`child.rs`).

mod blocks;
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
mod raised;
mod struck;
mod table;
mod text;
mod ticked;

use domain::document::{FailureCode, Omission};
use domain::file::MediaType;
use serde::{Deserialize, Serialize};

pub use child::{Asked, run as run_child};

/// Characters of one document, at most.
const CHARACTERS: usize = 20_000_000;
/// Pages, slides or sheets of one document, at most.
const PAGES: usize = 10_000;

/// A stretch of text below the same headings on the same page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    pub headings: Vec<String>,
    /// From 1, where the document has pages, slides or sheets.
    pub page: Option<u32>,
    /// What the page is called, such as the name of a sheet.
    pub page_name: Option<String>,
    /// What each passage of it repeats: the caption of a table, which its text begins with or has near.
    pub caption: String,
    pub text: String,
}

/// The text of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extracted {
    pub sections: Vec<Section>,
    pub pages: Option<u32>,
    /// What the document holds and the sections do not.
    pub left_out: Vec<Omission>,
}

/// Why there is no text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{detail}")]
pub struct Failed {
    pub code: FailureCode,
    pub detail: String,
}

impl Failed {
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
            "the document opens with a password; save it without one and upload it again",
        )
    }

    fn too_large(detail: impl Into<String>) -> Self {
        Self::new(FailureCode::TooLarge, detail)
    }
}

/// The text of a document of a media type.
pub fn extract(media_type: &str, bytes: &[u8]) -> Result<Extracted, Failed> {
    let extracted = match media_type {
        "application/pdf" => pdf::extract(bytes)?,
        kind if is_office(kind) => office::extract(bytes)?,
        // Some were taken for archives when they were uploaded.
        "application/zip" if office::is_one(bytes) => office::extract(bytes)?,
        kind if MediaType::from_name(kind).is_text() => text::extract(kind, bytes)?,
        kind => {
            return Err(Failed::new(
                FailureCode::UnsupportedType,
                format!(
                    "files of type {kind} are not read; use PDF, DOCX, XLSX, PPTX, HTML, Markdown, CSV, mail (EML) or text"
                ),
            ));
        }
    };
    checked(media_type, extracted)
}

/// Office documents of today, and files of the programs before, which are refused by their names.
fn is_office(media_type: &str) -> bool {
    MediaType::from_name(media_type).is_office()
        || media_type.starts_with("application/vnd.ms-")
        || ["application/msword", "application/x-ole-storage"].contains(&media_type)
}

fn checked(media_type: &str, mut extracted: Extracted) -> Result<Extracted, Failed> {
    for section in &mut extracted.sections {
        text::plain(&mut section.text);
        text::plain(&mut section.caption);
        section.headings.iter_mut().for_each(text::plain);
    }
    extracted
        .sections
        .retain(|section| !section.text.trim().is_empty());
    let characters: usize = extracted
        .sections
        .iter()
        .map(|s| s.text.chars().count())
        .sum();
    if characters > CHARACTERS {
        return Err(Failed::too_large(format!(
            "the document has {characters} characters; {CHARACTERS} are the limit"
        )));
    }
    if extracted.sections.is_empty() {
        let detail = match MediaType::from_name(media_type).is_text() {
            true => "the document holds no text",
            false => "the document holds no text; scanned pages need text recognition first",
        };
        return Err(Failed::new(FailureCode::NoText, detail));
    }
    Ok(extracted)
}

fn too_many_pages(pages: usize) -> Option<Failed> {
    (pages > PAGES).then(|| {
        Failed::too_large(format!(
            "the document has {pages} pages; {PAGES} are the limit"
        ))
    })
}
