//! Contents of files and exports.

use std::path::Path;

use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt};
use reqwest::Response;
use tokio::io::AsyncWriteExt;

use crate::error::Error;
use crate::silence::limit_silence;

/// Contents that arrive while they are read.
#[derive(Debug)]
pub struct Download {
    response: Response,
}

impl Download {
    pub(crate) fn new(response: Response) -> Self {
        Self { response }
    }

    /// The number of bytes, if the server knows it.
    pub fn length(&self) -> Option<u64> {
        self.response.content_length()
    }

    /// A header of the response, such as `Content-Disposition`, which contains the name of the file.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.response.headers().get(name)?.to_str().ok()
    }

    /// The contents piece by piece.
    pub fn chunks(self) -> impl Stream<Item = Result<Bytes, Error>> + Send + Unpin {
        limit_silence(self.response.bytes_stream().map_err(Error::Network).boxed())
    }

    /// The complete contents.
    pub async fn bytes(self) -> Result<Vec<u8>, Error> {
        let append = |mut all: Vec<u8>, chunk: Bytes| async move {
            all.extend_from_slice(&chunk);
            Ok(all)
        };
        self.chunks().try_fold(Vec::new(), append).await
    }

    /// Writes the contents to a file.
    pub async fn save(self, path: impl AsRef<Path>) -> Result<(), Error> {
        let mut file = tokio::fs::File::create(path).await?;
        let mut chunks = self.chunks();
        while let Some(chunk) = chunks.try_next().await? {
            file.write_all(&chunk).await?;
        }
        Ok(file.flush().await?)
    }
}
