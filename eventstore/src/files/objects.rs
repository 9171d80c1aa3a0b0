//! Reads and writes sealed objects without opening them, for backups.

use std::ops::Range;

use bytes::Bytes;
use futures_util::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, WriteMultipart};
use uuid::Uuid;

use super::{Files, FilesError, extracted_text};

/// A sealed object.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    /// Relative to the location of the store.
    pub path: String,
    pub size: u64,
}

impl Files {
    /// Lists all sealed objects.
    pub(crate) async fn list_objects(&self) -> Result<Vec<Object>, FilesError> {
        let listed = self.store.list(Some(&self.prefix));
        let known = listed.try_filter_map(|object| async move {
            let path = object.location.prefix_match(&self.prefix).map(|parts| {
                let parts: Vec<String> = parts.map(|part| part.as_ref().to_owned()).collect();
                parts.join("/")
            });
            Ok(path.filter(|path| is_file_path(path)).map(|path| Object {
                path,
                size: object.size,
            }))
        });
        Ok(known.try_collect().await?)
    }

    /// Reads a range of an object; `None` if it was deleted.
    pub(crate) async fn read_object(
        &self,
        path: &str,
        range: Range<u64>,
    ) -> Result<Option<Bytes>, FilesError> {
        match self.store.get_range(&self.object_path(path), range).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Starts writing an object, replacing an existing one.
    pub(crate) async fn put_object(&self, path: &str) -> Result<WriteMultipart, FilesError> {
        if !is_file_path(path) {
            return Err(FilesError::Location(format!(
                "{path:?} is not a valid file path"
            )));
        }
        let upload = self.store.put_multipart(&self.object_path(path)).await?;
        Ok(WriteMultipart::new(upload))
    }

    fn object_path(&self, path: &str) -> Path {
        path.split('/').fold(self.prefix.clone(), Path::join)
    }
}

/// Whether a path is two digits and the id of a file, with or without the suffix of extracted text.
fn is_file_path(path: &str) -> bool {
    path.split_once('/').is_some_and(|(shard, name)| {
        let id = name.strip_suffix(extracted_text::EXTENSION).unwrap_or(name);
        id.parse::<Uuid>().is_ok() && id.len() == 36 && id.ends_with(shard) && shard.len() == 2
    })
}

#[cfg(test)]
mod tests {
    use super::is_file_path;

    #[test]
    fn only_paths_of_files_are_accepted() {
        let id = "01939f3e-0000-7000-8000-0000000000ab";
        assert!(is_file_path(&format!("ab/{id}")));
        assert!(is_file_path(&format!("ab/{id}.text")));
        for other in [
            format!("../{id}"),
            format!("ac/{id}"),
            format!("ab/../{id}"),
            format!("ab/{id}#1"),
            "ab/".to_owned(),
            id.to_owned(),
        ] {
            assert!(!is_file_path(&other), "{other}");
        }
    }
}
