//! File names and media types.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::FileError;
use crate::text::{self, TextError};

/// Longest name, in characters.
const NAME_LIMIT: usize = 255;

/// The image types that all providers accept.
const VIEWABLE_TYPES: [&str; 4] = ["image/png", "image/jpeg", "image/webp", "image/gif"];

/// Text types that do not start with `text/`.
const TEXT_TYPES: &[&str] = &[
    "application/json",
    "application/xml",
    "application/yaml",
    "application/toml",
    "message/rfc822",
    "image/svg+xml",
];

/// A media type, detected from the first bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct MediaType(String);

impl MediaType {
    /// The type of files that were not recognised.
    pub const UNKNOWN: &'static str = "application/octet-stream";

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether text can be extracted from files of this type.
    pub fn is_extractable(&self) -> bool {
        self.is_office() || self.is_text() || self.0 == "application/pdf"
    }

    /// Whether models that see read images of this type.
    pub fn is_viewable(&self) -> bool {
        VIEWABLE_TYPES.contains(&self.0.as_str())
    }

    /// Whether this is an Office Open XML document.
    pub fn is_office(&self) -> bool {
        self.0
            .starts_with("application/vnd.openxmlformats-officedocument.")
    }

    pub fn is_text(&self) -> bool {
        self.0.starts_with("text/") || TEXT_TYPES.contains(&self.0.as_str())
    }

    /// Parses a type such as `text/plain`; anything malformed becomes [`Self::UNKNOWN`].
    pub fn from_name(text: &str) -> Self {
        let is_shaped = text.split_once('/').is_some_and(|(kind, subtype)| {
            !kind.is_empty() && !subtype.is_empty() && subtype.len() <= 100
        });
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || "/.+-".contains(c);
        match is_shaped && text.chars().all(is_allowed) {
            true => Self(text.to_ascii_lowercase()),
            false => Self(Self::UNKNOWN.to_owned()),
        }
    }
}

/// Reduces an uploaded file's name to the last component of its path, without characters that are invisible or reorder
/// text. The name is only displayed and never used as a path.
pub fn file_name(text: &str) -> Result<String, FileError> {
    let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|c| !is_misleading(*c)).collect();
    let name = text::parse_line(name.trim_matches(['.', ' ']), NAME_LIMIT);
    name.map_err(|fault| match fault {
        // `parse_line` reports control characters first, but here they are already removed.
        TextError::Control => FileError::Name(TextError::Empty),
        fault => FileError::Name(fault),
    })
}

/// Characters that are invisible, control characters, or change the direction of text.
fn is_misleading(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
