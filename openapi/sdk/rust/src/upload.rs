//! Files to upload.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt};
use reqwest::Body;
use reqwest::multipart::{Form, Part};

use crate::error::Error;

/// The contents of a file, with its name.
#[derive(Debug, Clone)]
pub struct Upload {
    name: String,
    source: Source,
}

#[derive(Debug, Clone)]
enum Source {
    Bytes(Bytes),
    File(PathBuf),
    /// A stream, until it is sent.
    Stream(Arc<Mutex<Option<Body>>>),
}

impl Upload {
    pub fn from_bytes(name: impl Into<String>, contents: impl Into<Bytes>) -> Self {
        Self {
            name: name.into(),
            source: Source::Bytes(contents.into()),
        }
    }

    /// A file, which is opened when the request is sent. Its name is the last part of the path.
    pub fn from_file(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let name = path.file_name().unwrap_or_default();
        Self {
            name: name.to_string_lossy().into_owned(),
            source: Source::File(path.to_owned()),
        }
    }

    /// A stream, which cannot be sent again: the request is not repeated after a failure.
    pub fn from_stream<S, E>(name: impl Into<String>, contents: S) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
    {
        let body = Body::wrap_stream(contents.map_err(Into::into));
        Self {
            name: name.into(),
            source: Source::Stream(Arc::new(Mutex::new(Some(body)))),
        }
    }

    pub(crate) fn is_repeatable(&self) -> bool {
        !matches!(self.source, Source::Stream(_))
    }

    pub(crate) async fn form(&self) -> Result<Form, Error> {
        let part = match &self.source {
            Source::Bytes(contents) => Part::stream(contents.clone()),
            Source::File(path) => Part::file(path).await?,
            Source::Stream(body) => {
                let body = body.lock().unwrap_or_else(PoisonError::into_inner).take();
                Part::stream(body.ok_or_else(|| {
                    Error::Invalid("the stream of this upload was sent before".to_owned())
                })?)
            }
        };
        Ok(Form::new().part("file", part.file_name(self.name.clone())))
    }
}
