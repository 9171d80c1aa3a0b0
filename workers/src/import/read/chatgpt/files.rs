//! Attachments of messages, found in the archive by their ids.

use std::collections::{BTreeMap, HashMap};

use zip::ZipArchive;

use super::super::parent::{Parent, Source};
use super::super::{Fault, last, unreadable};

/// A file as a message references it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attached {
    pub id: String,
    pub name: Option<String>,
    pub media_type: Option<String>,
}

pub(super) struct Files<'a> {
    zip: Option<&'a mut ZipArchive<Source>>,
    /// Names of entries by file name, which starts with the id.
    entries: BTreeMap<&'a str, &'a str>,
    /// The digests of entries that were sent already.
    kept: HashMap<String, Option<String>>,
}

impl<'a> Files<'a> {
    pub fn of(zip: &'a mut ZipArchive<Source>, names: &'a [String]) -> Self {
        let entries = names.iter().map(|name| (last(name), name.as_str()));
        Self {
            zip: Some(zip),
            entries: entries.collect(),
            kept: HashMap::new(),
        }
    }

    /// For a list that came without its files.
    pub fn none() -> Self {
        Self {
            zip: None,
            entries: BTreeMap::new(),
            kept: HashMap::new(),
        }
    }

    /// Sends a file; returns its digest, or `None` if it is not available.
    pub fn take(&mut self, parent: &Parent, file: &Attached) -> Result<Option<String>, Fault> {
        let id = file.id.as_str();
        let entry = self.entries.range(id..).next();
        let entry = entry.filter(|(name, _)| name.starts_with(id));
        let (Some((short, name)), Some(zip)) = (entry, self.zip.as_deref_mut()) else {
            parent.miss(id)?;
            return Ok(None);
        };
        if let Some(kept) = self.kept.get(*name) {
            return Ok(kept.clone());
        }
        let mut entry = zip.by_name(name).map_err(|error| unreadable(&error))?;
        let shown = file.name.as_deref().unwrap_or(short);
        let kind = file.media_type.as_deref().unwrap_or_else(|| picture(short));
        let kept = parent.keep_file((shown, kind), &mut entry)?;
        self.kept.insert((*name).to_owned(), kept.clone());
        Ok(kept)
    }
}

/// The media type of an image by its name: messages reference images without a type.
fn picture(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("gif") => "image/gif",
        _ => "",
    }
}
