//! Detects connections over which nothing arrives any more.

use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream, Stream, StreamExt};

use crate::error::Error;

/// Streams send something every 15 s.
const LONGEST_SILENCE: Duration = Duration::from_secs(45);

/// Fails if nothing arrives for too long.
pub(crate) fn limit_silence(
    chunks: BoxStream<'static, Result<Bytes, Error>>,
) -> impl Stream<Item = Result<Bytes, Error>> + Send + Unpin {
    let limited = stream::unfold(Some(chunks), |chunks| async {
        let mut chunks = chunks?;
        match tokio::time::timeout(LONGEST_SILENCE, chunks.next()).await {
            Ok(chunk) => Some((chunk?, Some(chunks))),
            Err(_) => Some((Err(Error::Silence(LONGEST_SILENCE)), None)),
        }
    });
    Box::pin(limited)
}
