//! The results of processing a document.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Vector;

/// A section of a document: the unit of search and citation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Passage {
    pub id: Uuid,
    /// Position in the document, from 0.
    pub number: u32,
    pub text: String,
    /// The headings above it, outermost first.
    pub headings: Vec<String>,
    /// The page, slide or sheet where it starts, from 1, if the document has any.
    pub page: Option<u32>,
    /// The name of the page, such as a sheet name.
    pub page_name: Option<String>,
    /// ISO 639-1 code of its language; empty if unknown.
    pub language: String,
}

/// The embedding of a passage's text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PassageVector {
    /// SHA-256 of the text in hexadecimal. Passages with the same text share a vector, across attempts.
    pub digest: String,
    pub vector: Vector,
}

/// The size of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Extent {
    /// Pages, slides or sheets, if the document has any.
    pub pages: Option<u32>,
    pub passages: u32,
    pub characters: u64,
}

/// Why a document could not be processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[derive(strum::Display, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum FailureCode {
    /// Files of this type are not supported.
    UnsupportedType,
    /// The file is damaged, or not of the type that it claims to be.
    Unreadable,
    /// The file is protected by a password.
    Encrypted,
    /// The file has no text; for example, only scanned pages.
    NoText,
    /// Its text, its number of pages or its unpacked size exceeds a limit.
    TooLarge,
    /// Processing took too long.
    Timeout,
    /// The file's bytes are missing.
    FileMissing,
    /// An internal error; see the server log.
    Internal,
}
