//! What a document holds and its passages do not.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Entries of one kind that are listed, at most; the others are counted.
const LISTED: usize = 100;

/// Something that stands in a document and was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeftOut {
    pub kind: LeftOutKind,
    /// The page, slide or sheet, from 1; absent where it is about the whole document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// How many there are, where that can be counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
}

/// What was not read.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum LeftOutKind {
    /// A page that could not be read.
    UnreadablePage,
    /// A part of a page that could not be read.
    IncompletePage,
    /// A page that holds no text, such as a scanned one.
    PageWithoutText,
    /// A file that is embedded in the document.
    EmbeddedFile,
    /// A sheet or slide that is hidden.
    HiddenSheet,
    /// Rows or columns that are hidden.
    HiddenCells,
    /// Characters that are not of the document's encoding.
    UnknownCharacters,
    /// Text that is struck through, or deleted and kept in sight.
    StruckText,
    /// Text that is drawn so that nobody sees it.
    HiddenText,
}

impl LeftOutKind {
    /// The name as it is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnreadablePage => "unreadable_page",
            Self::IncompletePage => "incomplete_page",
            Self::PageWithoutText => "page_without_text",
            Self::EmbeddedFile => "embedded_file",
            Self::HiddenSheet => "hidden_sheet",
            Self::HiddenCells => "hidden_cells",
            Self::UnknownCharacters => "unknown_characters",
            Self::StruckText => "struck_text",
            Self::HiddenText => "hidden_text",
        }
    }
}

impl LeftOut {
    pub const fn on_page(kind: LeftOutKind, page: u32) -> Self {
        Self {
            kind,
            page: Some(page),
            count: None,
        }
    }

    pub const fn counted(kind: LeftOutKind, count: u32) -> Self {
        Self {
            kind,
            page: None,
            count: Some(count),
        }
    }
}

/// A list that is short enough to be stored and shown: what passes it is counted by kind.
pub(super) fn shortened(all: Vec<LeftOut>) -> Vec<LeftOut> {
    let mut listed = Vec::new();
    let mut seen: BTreeMap<LeftOutKind, usize> = BTreeMap::new();
    let mut others: BTreeMap<LeftOutKind, u32> = BTreeMap::new();
    for one in all {
        let seen = seen.entry(one.kind).or_default();
        *seen += 1;
        if *seen <= LISTED {
            listed.push(one);
        } else {
            let count = others.entry(one.kind).or_default();
            *count = count.saturating_add(one.count.unwrap_or(1));
        }
    }
    let others = others
        .into_iter()
        .map(|(kind, count)| LeftOut::counted(kind, count));
    listed.extend(others);
    listed
}
