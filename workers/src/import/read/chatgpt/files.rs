//! Attachments of messages, found in the archive by their ids.

use std::collections::{BTreeMap, HashMap};

use zip::ZipArchive;

use super::super::parent::{Parent, RemoteFile};
use super::super::{ReadError, file_name, unreadable};

/// A file as a message references it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AttachedFile {
    pub id: String,
    pub name: Option<String>,
    pub media_type: Option<String>,
}

pub(super) struct Files<'a> {
    zip: Option<&'a mut ZipArchive<RemoteFile>>,
    /// Names of entries by file name, which starts with the id.
    entries: BTreeMap<&'a str, &'a str>,
    /// The digests of entries that were sent already.
    digests: HashMap<String, Option<String>>,
}

impl<'a> Files<'a> {
    pub(super) fn new(zip: &'a mut ZipArchive<RemoteFile>, names: &'a [String]) -> Self {
        let entries = names.iter().map(|name| (file_name(name), name.as_str()));
        Self {
            zip: Some(zip),
            entries: entries.collect(),
            digests: HashMap::new(),
        }
    }

    /// For a list that came without its files.
    pub(super) fn empty() -> Self {
        Self {
            zip: None,
            entries: BTreeMap::new(),
            digests: HashMap::new(),
        }
    }

    /// Sends a file; returns its digest, or `None` if it is not available.
    pub(super) fn send(
        &mut self,
        parent: &Parent,
        file: &AttachedFile,
    ) -> Result<Option<String>, ReadError> {
        let id = file.id.as_str();
        let entry = self.entries.range(id..).next();
        let entry = entry.filter(|(name, _)| name.starts_with(id));
        let (Some((short, name)), Some(zip)) = (entry, self.zip.as_deref_mut()) else {
            parent.report_missing(id)?;
            return Ok(None);
        };
        if let Some(digest) = self.digests.get(*name) {
            return Ok(digest.clone());
        }
        let mut entry = zip.by_name(name).map_err(|error| unreadable(&error))?;
        let name_or_id = file.name.as_deref().unwrap_or(short);
        let kind = file
            .media_type
            .as_deref()
            .unwrap_or_else(|| image_type(short));
        let digest = parent.send_file((name_or_id, kind), &mut entry)?;
        self.digests.insert((*name).to_owned(), digest.clone());
        Ok(digest)
    }
}

/// The media type of an image by its name: messages reference images without a type.
fn image_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("gif") => "image/gif",
        _ => "",
    }
}
