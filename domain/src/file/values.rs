//! Names and kinds of files.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::FileError;
use crate::text::{self, TextFault};

/// Longest name, in characters.
const NAME_LIMIT: usize = 255;

/// Texts whose types do not begin as those of texts do.
const TEXTS: &[&str] = &[
    "application/json",
    "application/xml",
    "application/yaml",
    "application/toml",
    "message/rfc822",
    "image/svg+xml",
];

/// What a file is, as its first bytes tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct MediaType(String);

impl MediaType {
    /// What nobody can say anything about.
    pub const UNKNOWN: &'static str = "application/octet-stream";

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether text is read out of files of this type.
    pub fn is_read(&self) -> bool {
        self.is_office() || self.is_text() || self.0 == "application/pdf"
    }

    /// Office documents of today.
    pub fn is_office(&self) -> bool {
        self.0
            .starts_with("application/vnd.openxmlformats-officedocument.")
    }

    pub fn is_text(&self) -> bool {
        self.0.starts_with("text/") || TEXTS.contains(&self.0.as_str())
    }

    /// A type such as `text/plain`; what has another shape is of no known type.
    pub fn of(text: &str) -> Self {
        let shaped = text.split_once('/').is_some_and(|(kind, subtype)| {
            !kind.is_empty() && !subtype.is_empty() && subtype.len() <= 100
        });
        let plain = |c: char| c.is_ascii_alphanumeric() || "/.+-".contains(c);
        match shaped && text.chars().all(plain) {
            true => Self(text.to_ascii_lowercase()),
            false => Self(Self::UNKNOWN.to_owned()),
        }
    }
}

/// The name of a file as it is kept: the last part of a path, without what changes how it reads. It is shown and never
/// becomes a path.
pub fn file_name(text: &str) -> Result<String, FileError> {
    let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|c| !misleads(*c)).collect();
    let name = text::line(name.trim_matches(['.', ' ']), NAME_LIMIT);
    name.map_err(|fault| match fault {
        // Control characters were left out: what is left over is empty or too long.
        TextFault::Control => FileError::Name(TextFault::Empty),
        fault => FileError::Name(fault),
    })
}

/// Control characters, and those that turn the direction of text or cannot be seen.
fn misleads(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
