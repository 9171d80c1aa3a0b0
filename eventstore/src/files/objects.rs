//! The sealed objects as they lie in the store, for backups: nothing here opens them.

use std::ops::Range;

use bytes::Bytes;
use futures_util::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, WriteMultipart};
use uuid::Uuid;

use super::{Files, FilesError, beside};

/// A sealed object.
#[derive(Debug, Clone)]
pub struct Object {
    /// Below the place of the store.
    pub path: String,
    pub size: u64,
}

impl Files {
    /// All sealed objects that are there.
    pub(crate) async fn objects(&self) -> Result<Vec<Object>, FilesError> {
        let listed = self.store.list(Some(&self.prefix));
        let known = listed.try_filter_map(|object| async move {
            let path = object.location.prefix_match(&self.prefix).map(|parts| {
                let parts: Vec<String> = parts.map(|part| part.as_ref().to_owned()).collect();
                parts.join("/")
            });
            Ok(path.filter(|path| is_ours(path)).map(|path| Object {
                path,
                size: object.size,
            }))
        });
        Ok(known.try_collect().await?)
    }

    /// A stretch of an object; nothing where it was taken away.
    pub(crate) async fn object(
        &self,
        path: &str,
        range: Range<u64>,
    ) -> Result<Option<Bytes>, FilesError> {
        match self.store.get_range(&self.below(path), range).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Begins to put an object, in place of what is there.
    pub(crate) async fn put_object(&self, path: &str) -> Result<WriteMultipart, FilesError> {
        if !is_ours(path) {
            return Err(FilesError::Place(format!("{path:?} is no place of a file")));
        }
        let upload = self.store.put_multipart(&self.below(path)).await?;
        Ok(WriteMultipart::new(upload))
    }

    fn below(&self, path: &str) -> Path {
        path.split('/').fold(self.prefix.clone(), Path::join)
    }
}

/// Two digits, and the id of a file or of what was read out of it.
fn is_ours(path: &str) -> bool {
    path.split_once('/').is_some_and(|(shard, name)| {
        let id = name.strip_suffix(beside::ENDING).unwrap_or(name);
        id.parse::<Uuid>().is_ok() && id.len() == 36 && id.ends_with(shard) && shard.len() == 2
    })
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn only_places_of_files_are_places() {
        let id = "01939f3e-0000-7000-8000-0000000000ab";
        assert!(is_ours(&format!("ab/{id}")));
        assert!(is_ours(&format!("ab/{id}.text")));
        for other in [
            format!("../{id}"),
            format!("ac/{id}"),
            format!("ab/../{id}"),
            format!("ab/{id}#1"),
            "ab/".to_owned(),
            id.to_owned(),
        ] {
            assert!(!is_ours(&other), "{other}");
        }
    }
}
