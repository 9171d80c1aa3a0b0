//! The body of an export: written no faster than it is read, and stopped if the client stops reading.

use std::io;
use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use poem::Body;
use tokio::sync::mpsc;

use super::CHUNK;
use crate::limits::ExportPermit;

/// How long an export waits for its reader. On a shared HTTP/2 connection nothing else would notice a stalled one.
const LIMIT: Duration = Duration::from_mins(1);

pub(super) fn from_stream<S>(export: ExportPermit, chunks: S) -> Body
where
    S: Stream<Item = io::Result<Bytes>> + Send + 'static,
{
    Body::from_bytes_stream(paced(export, chunks))
}

/// Passes chunks on as they are read. If the client stalls for too long, the writer and the slot among all exports are
/// released. The share of the user is held until the body is dropped, because a chunk may remain.
fn paced<S>(
    export: ExportPermit,
    chunks: S,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static
where
    S: Stream<Item = io::Result<Bytes>> + Send + 'static,
{
    let ExportPermit { share, slot } = export;
    let (sender, receiver) = mpsc::channel(1);
    #[expect(
        clippy::disallowed_methods,
        reason = "ends when the reader of its channel is gone"
    )]
    tokio::spawn(async move {
        let _slot = slot;
        let mut chunks = pin!(chunks);
        loop {
            let chunk = tokio::select! {
                chunk = chunks.next() => chunk,
                () = sender.closed() => return,
            };
            for chunk in split_chunk(chunk) {
                let is_end = chunk.is_none();
                if sender.send_timeout(chunk, LIMIT).await.is_err() || is_end {
                    return;
                }
            }
        }
    });
    stream::unfold(Some((receiver, share)), |state| async move {
        let (mut receiver, share) = state?;
        match receiver.recv().await {
            Some(chunk) => Some((chunk?, Some((receiver, share)))),
            // The writer gave up: the client must not mistake this for the end of the file.
            None => Some((
                Err(io::Error::other("the client stopped reading the export")),
                None,
            )),
        }
    })
}

/// Splits a chunk, so that a slow connection can take each part within the time limit.
fn split_chunk(
    chunk: Option<io::Result<Bytes>>,
) -> impl Iterator<Item = Option<io::Result<Bytes>>> + Send {
    let (mut bytes, other) = match chunk {
        Some(Ok(bytes)) => (bytes, None),
        other => (Bytes::new(), Some(other)),
    };
    let parts = std::iter::from_fn(move || {
        let part = bytes.split_to(bytes.len().min(CHUNK));
        (!part.is_empty()).then_some(Some(Ok(part)))
    });
    parts.chain(other)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::Notify;
    use uuid::Uuid;

    use super::*;
    use crate::limits::{Limits, PerPerson};

    /// Notifies when the writer is dropped.
    struct NotifyOnDrop(Arc<Notify>);

    impl Drop for NotifyOnDrop {
        fn drop(&mut self) {
            self.0.notify_one();
        }
    }

    fn endless(gone: &Arc<Notify>) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
        stream::repeat_with({
            let notify = NotifyOnDrop(gone.clone());
            move || {
                let _ = &notify;
                Ok(Bytes::from_static(b"piece"))
            }
        })
    }

    #[tokio::test(start_paused = true)]
    async fn an_export_that_nobody_reads_ends_and_is_incomplete() {
        for chunks in [0, 1, 7] {
            let limits = Limits::new(Some(PerPerson::default()));
            let gone = Arc::new(Notify::new());
            let export = limits.export(Uuid::nil()).unwrap();
            let slot = Arc::downgrade(&export.slot);
            let mut body = Box::pin(paced(export, endless(&gone)));
            for _ in 0..chunks {
                body.next().await.unwrap().unwrap();
            }
            let since = tokio::time::Instant::now();
            gone.notified().await;
            assert!(since.elapsed() >= LIMIT);
            assert!(slot.upgrade().is_none(), "the slot is free again");
            // The buffered chunk is still there, then the body fails.
            assert!(body.next().await.unwrap().is_ok());
            assert!(body.next().await.unwrap().is_err());
            assert!(body.next().await.is_none());
        }
    }

    #[test]
    fn large_chunks_are_split_without_loss() {
        for length in [0, 1, CHUNK, CHUNK + 1, 5 * CHUNK + 7] {
            let whole: Vec<u8> = (0..length)
                .map(|n| u8::try_from(n % 251).unwrap())
                .collect();
            let parts: Vec<Bytes> = split_chunk(Some(Ok(whole.clone().into())))
                .map(|part| part.unwrap().unwrap())
                .collect();
            assert!(parts.iter().all(|part| part.len() <= CHUNK));
            assert_eq!(parts.concat(), whole);
        }
        assert!(matches!(split_chunk(None).next(), Some(None)));
        assert!(
            split_chunk(Some(Err(io::Error::other("x"))))
                .next()
                .unwrap()
                .unwrap()
                .is_err()
        );
    }

    #[tokio::test(start_paused = true)]
    async fn slow_readers_get_everything_and_the_writer_stops_when_they_leave() {
        let limits = Limits::new(Some(PerPerson::default()));
        let chunks = (0..200_u8).map(|n| Ok(Bytes::copy_from_slice(&[n])));
        let export = limits.export(Uuid::nil()).unwrap();
        let mut body = Box::pin(paced(export, stream::iter(chunks)));
        for n in 0..200_u8 {
            tokio::time::advance(LIMIT / 2).await;
            assert_eq!(body.next().await.unwrap().unwrap(), [n][..]);
        }
        assert!(body.next().await.is_none());

        let gone = Arc::new(Notify::new());
        let export = limits.export(Uuid::nil()).unwrap();
        let since = tokio::time::Instant::now();
        drop(paced(export, endless(&gone)));
        gone.notified().await;
        assert_eq!(since.elapsed(), Duration::ZERO);
    }
}
