//! Content of a document that is missing from its passages.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Maximum number of listed omissions per kind; the rest are only counted.
const MAX_LISTED: usize = 100;

/// Content that was not extracted from a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Omission {
    pub kind: OmissionKind,
    /// The page, slide or sheet, from 1; `None` for the whole document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The number of occurrences, if they can be counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
}

/// What was not extracted.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[derive(strum::Display, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum OmissionKind {
    /// A page that could not be read.
    UnreadablePage,
    /// A page that could be read only in part.
    IncompletePage,
    /// A page without text, such as a scan.
    PageWithoutText,
    /// A file embedded in the document.
    EmbeddedFile,
    /// A hidden sheet or slide.
    HiddenSheet,
    /// Hidden rows or columns.
    HiddenCells,
    /// Characters that are invalid in the document's encoding.
    UnknownCharacters,
    /// Text that is struck through or deleted as a tracked change.
    StruckText,
    /// Text drawn invisibly.
    HiddenText,
}

impl Omission {
    pub const fn on_page(kind: OmissionKind, page: u32) -> Self {
        Self {
            kind,
            page: Some(page),
            count: None,
        }
    }

    pub const fn with_count(kind: OmissionKind, count: u32) -> Self {
        Self {
            kind,
            page: None,
            count: Some(count),
        }
    }
}

/// Limits the list to a size that can be stored and displayed; further omissions become one count per kind.
pub(super) fn limit_list(all: Vec<Omission>) -> Vec<Omission> {
    let mut listed = Vec::new();
    let mut seen_by_kind: BTreeMap<OmissionKind, usize> = BTreeMap::new();
    let mut others: BTreeMap<OmissionKind, u32> = BTreeMap::new();
    for omission in all {
        let seen = seen_by_kind.entry(omission.kind).or_default();
        *seen += 1;
        if *seen <= MAX_LISTED {
            listed.push(omission);
        } else {
            let count = others.entry(omission.kind).or_default();
            *count = count.saturating_add(omission.count.unwrap_or(1));
        }
    }
    let others = others
        .into_iter()
        .map(|(kind, count)| Omission::with_count(kind, count));
    listed.extend(others);
    listed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_omission_is_the_stored_one() {
        for kind in [
            OmissionKind::UnreadablePage,
            OmissionKind::IncompletePage,
            OmissionKind::PageWithoutText,
            OmissionKind::EmbeddedFile,
            OmissionKind::HiddenSheet,
            OmissionKind::HiddenCells,
            OmissionKind::UnknownCharacters,
        ] {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.into_str());
        }
    }
}
