//! The body of an export. It is written no faster than it is read, and ended where nobody reads it.

use std::io;
use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use poem::Body;
use tokio::sync::mpsc;

use super::PIECE;
use crate::limits::Export;

/// How long an export waits for who reads it. A connection that is shared by several requests does not tell by itself.
const LIMIT: Duration = Duration::from_mins(1);

pub(super) fn body<S>(export: Export, pieces: S) -> Body
where
    S: Stream<Item = io::Result<Bytes>> + Send + 'static,
{
    Body::from_bytes_stream(read(export, pieces))
}

/// The pieces as somebody reads them. Who does not for too long keeps the share of its person, as a piece may be left,
/// but neither the place among all exports nor what writes.
fn read<S>(export: Export, pieces: S) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static
where
    S: Stream<Item = io::Result<Bytes>> + Send + 'static,
{
    let Export { share, place } = export;
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        let _place = place;
        let mut pieces = pin!(pieces);
        loop {
            let piece = tokio::select! {
                piece = pieces.next() => piece,
                () = sender.closed() => return,
            };
            for piece in parted(piece) {
                let is_end = piece.is_none();
                if sender.send_timeout(piece, LIMIT).await.is_err() || is_end {
                    return;
                }
            }
        }
    });
    stream::unfold(Some((receiver, share)), |state| async move {
        let (mut receiver, share) = state?;
        match receiver.recv().await {
            Some(piece) => Some((piece?, Some((receiver, share)))),
            // Not the end that was written: whoever reads it must not take it for one.
            None => Some((Err(io::Error::other("nobody read the export")), None)),
        }
    })
}

/// A piece in such that also a slow connection takes in time: each is asked for once those before it have left.
fn parted(
    piece: Option<io::Result<Bytes>>,
) -> impl Iterator<Item = Option<io::Result<Bytes>>> + Send {
    let (mut bytes, other) = match piece {
        Some(Ok(bytes)) => (bytes, None),
        other => (Bytes::new(), Some(other)),
    };
    let parts = std::iter::from_fn(move || {
        let part = bytes.split_to(bytes.len().min(PIECE));
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

    /// Tells when what writes has gone.
    struct Told(Arc<Notify>);

    impl Drop for Told {
        fn drop(&mut self) {
            self.0.notify_one();
        }
    }

    fn endless(gone: &Arc<Notify>) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
        stream::repeat_with({
            let told = Told(gone.clone());
            move || {
                let _ = &told;
                Ok(Bytes::from_static(b"piece"))
            }
        })
    }

    #[tokio::test(start_paused = true)]
    async fn what_nobody_reads_ends_after_its_time_and_leaves_no_whole_file() {
        for pieces in [0, 1, 7] {
            let limits = Limits::new(Some(PerPerson::default()));
            let gone = Arc::new(Notify::new());
            let export = limits.export(Uuid::nil()).unwrap();
            let place = Arc::downgrade(&export.place);
            let mut body = Box::pin(read(export, endless(&gone)));
            for _ in 0..pieces {
                body.next().await.unwrap().unwrap();
            }
            let since = tokio::time::Instant::now();
            gone.notified().await;
            assert!(since.elapsed() >= LIMIT);
            assert!(place.upgrade().is_none(), "others may have its place");
            // What was sent is still there, and then it has broken off.
            assert!(body.next().await.unwrap().is_ok());
            assert!(body.next().await.unwrap().is_err());
            assert!(body.next().await.is_none());
        }
    }

    #[test]
    fn large_pieces_are_parted_and_nothing_of_them_is_lost() {
        for length in [0, 1, PIECE, PIECE + 1, 5 * PIECE + 7] {
            let whole: Vec<u8> = (0..length)
                .map(|n| u8::try_from(n % 251).unwrap())
                .collect();
            let parts: Vec<Bytes> = parted(Some(Ok(whole.clone().into())))
                .map(|part| part.unwrap().unwrap())
                .collect();
            assert!(parts.iter().all(|part| part.len() <= PIECE));
            assert_eq!(parts.concat(), whole);
        }
        assert!(matches!(parted(None).next(), Some(None)));
        assert!(
            parted(Some(Err(io::Error::other("x"))))
                .next()
                .unwrap()
                .unwrap()
                .is_err()
        );
    }

    #[tokio::test(start_paused = true)]
    async fn who_reads_slowly_gets_everything_and_who_leaves_is_not_waited_for() {
        let limits = Limits::new(Some(PerPerson::default()));
        let pieces = (0..200_u8).map(|n| Ok(Bytes::copy_from_slice(&[n])));
        let export = limits.export(Uuid::nil()).unwrap();
        let mut body = Box::pin(read(export, stream::iter(pieces)));
        for n in 0..200_u8 {
            tokio::time::advance(LIMIT / 2).await;
            assert_eq!(body.next().await.unwrap().unwrap(), [n][..]);
        }
        assert!(body.next().await.is_none());

        let gone = Arc::new(Notify::new());
        let export = limits.export(Uuid::nil()).unwrap();
        let since = tokio::time::Instant::now();
        drop(read(export, endless(&gone)));
        gone.notified().await;
        assert_eq!(since.elapsed(), Duration::ZERO);
    }
}
