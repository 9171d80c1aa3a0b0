//! Text of documents, in sections that know their headings and pages. Runs in a process of its own (`child.rs`).

mod child;
#[cfg(test)]
mod corpus;
mod html;
mod markdown;
mod notes;
mod office;
mod outline;
mod pdf;
mod table;
mod text;

use domain::document::{FailureCode, LeftOut};
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
    pub text: String,
}

/// The text of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extracted {
    pub sections: Vec<Section>,
    pub pages: Option<u32>,
    /// What the document holds and the sections do not.
    pub left_out: Vec<LeftOut>,
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
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        | "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => {
            office::extract(bytes)?
        }
        "application/vnd.openxmlformats-officedocument.presentationml.presentation" => {
            // What is wrong with an archive is told by its reader.
            let moved = notes::in_place(bytes).unwrap_or_default();
            office::extract(moved.as_deref().unwrap_or(bytes))?
        }
        // An office document with a password is an archive of another kind.
        "application/x-ole-storage" | "application/vnd.ms-office" => {
            return Err(Failed::encrypted());
        }
        "text/html" => html::extract(&text::decode(bytes))?,
        "text/markdown" => markdown::extract(&text::decode(bytes)),
        "text/csv" => table::extract(&text::decode(bytes), None)?,
        "text/tab-separated-values" => table::extract(&text::decode(bytes), Some(b'\t'))?,
        kind if kind.starts_with("text/") || TEXTS.contains(&kind) => text::extract(bytes),
        kind => {
            return Err(Failed::new(
                FailureCode::UnsupportedType,
                format!(
                    "files of type {kind} are not read; use PDF, DOCX, XLSX, PPTX, HTML, Markdown, CSV or text"
                ),
            ));
        }
    };
    checked(extracted)
}

/// Texts whose media types do not begin as those of texts do.
const TEXTS: &[&str] = &[
    "application/json",
    "application/xml",
    "application/yaml",
    "application/toml",
    "image/svg+xml",
];

fn checked(mut extracted: Extracted) -> Result<Extracted, Failed> {
    for section in &mut extracted.sections {
        text::plain(&mut section.text);
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
        return Err(Failed::new(
            FailureCode::NoText,
            "the document holds no text; scanned pages need text recognition first",
        ));
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
