//! What processing a document yields.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Vector;

/// A stretch of a document that is found and cited as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Passage {
    pub id: Uuid,
    /// Its place in the document, from 0.
    pub number: u32,
    pub text: String,
    /// The headings above it, the outermost first.
    pub headings: Vec<String>,
    /// The page, slide or sheet where it begins, from 1, where the document has such.
    pub page: Option<u32>,
    /// What the page is called, such as the name of a sheet.
    pub page_name: Option<String>,
    /// Its language as an ISO 639-1 code; empty where it is not known.
    pub language: String,
}

/// What an embedding model says of the text of a passage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Embedded {
    /// Of the text, SHA-256 in hex: the same text keeps its vector, whichever attempt cuts it out.
    pub digest: String,
    pub vector: Vector,
}

/// How much there is in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Extent {
    /// Pages, slides or sheets, where the document has such.
    pub pages: Option<u32>,
    pub passages: u32,
    pub characters: u64,
}

/// Why a document could not be processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    /// Nothing is known of files of this kind.
    UnsupportedType,
    /// It is not what it seems to be, or is broken.
    Unreadable,
    /// It opens with a password.
    Encrypted,
    /// It holds no text: scanned pages, for example.
    NoText,
    /// Its text, its pages or what it unpacks to pass the limits.
    TooLarge,
    /// It took longer than the limit.
    Timeout,
    /// Its bytes are not there.
    FileMissing,
    /// Something in this installation went wrong.
    Internal,
}
