//! How a connection gets on: whoever sends half a request, nothing at all, or reads nothing is not waited for.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use super::frames::Frames;

/// How long the head of a request may take, from its first byte; on a new connection, from its beginning.
pub const HEAD_LIMIT: Duration = Duration::from_secs(10);
/// How long a connection is kept for the next request.
const IDLE_LIMIT: Duration = Duration::from_secs(75);
/// How long a client may leave an answer unread.
const READ_LIMIT: Duration = Duration::from_mins(1);

/// What a connection does, as its socket and its requests tell.
#[derive(Debug, Clone)]
pub struct Pace(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    /// Requests that are being answered.
    requests: usize,
    /// Several requests share the connection, and bytes may come without one.
    multiplexed: bool,
    idle_since: Instant,
    head_since: Option<Instant>,
    unread_since: Option<Instant>,
}

/// Held as long as a request is being answered.
#[derive(Debug)]
pub struct Answering(Pace);

impl Pace {
    pub fn new() -> Self {
        let now = Instant::now();
        Self(Arc::new(Mutex::new(State {
            requests: 0,
            multiplexed: false,
            idle_since: now,
            head_since: Some(now),
            unread_since: None,
        })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn begin(&self, multiplexed: bool) -> Answering {
        let mut state = self.state();
        state.requests += 1;
        state.multiplexed = multiplexed;
        state.head_since = None;
        Answering(self.clone())
    }

    /// When the connection has been waited for long enough.
    pub fn deadline(&self) -> Option<Instant> {
        let state = self.state();
        if let Some(since) = state.unread_since {
            return Some(since + READ_LIMIT);
        }
        if state.requests > 0 {
            return None;
        }
        Some(match state.head_since {
            Some(since) => since + HEAD_LIMIT,
            None => state.idle_since + IDLE_LIMIT,
        })
    }

    fn read(&self) {
        let mut state = self.state();
        if state.requests == 0 && !state.multiplexed && state.head_since.is_none() {
            state.head_since = Some(Instant::now());
        }
    }

    fn written(&self, whole: bool) {
        let mut state = self.state();
        if whole {
            state.unread_since = None;
        } else if state.unread_since.is_none() {
            state.unread_since = Some(Instant::now());
        }
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.requests -= 1;
        state.idle_since = Instant::now();
    }
}

/// A socket whose pace is watched, and what comes over it.
#[derive(Debug)]
pub struct Paced<S> {
    pub socket: S,
    pub pace: Pace,
    pub frames: Frames,
}

impl<S> Paced<S> {
    fn written(&mut self, written: &Poll<io::Result<usize>>) {
        self.pace.written(written.is_ready());
        if let Poll::Ready(Ok(bytes)) = written {
            self.frames.sent(*bytes);
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.socket).poll_read(context, buffer);
        if let Some(bytes) = buffer.filled().get(before..)
            && !bytes.is_empty()
        {
            this.pace.read();
            this.frames.received(bytes)?;
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.socket).poll_write(context, bytes);
        this.written(&written);
        written
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.socket).poll_write_vectored(context, parts);
        this.written(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn half_a_request_is_waited_for_shortly_and_an_idle_connection_longer() {
        let pace = Pace::new();
        let begun = Instant::now();
        assert_eq!(pace.deadline(), Some(begun + HEAD_LIMIT));
        let answering = pace.begin(false);
        assert_eq!(pace.deadline(), None);
        tokio::time::advance(Duration::from_secs(40)).await;
        drop(answering);
        let ended = Instant::now();
        assert_eq!(pace.deadline(), Some(ended + IDLE_LIMIT));
        tokio::time::advance(Duration::from_secs(5)).await;
        pace.read();
        let head = Instant::now();
        tokio::time::advance(Duration::from_secs(5)).await;
        pace.read();
        assert_eq!(
            pace.deadline(),
            Some(head + HEAD_LIMIT),
            "a drip gains nothing"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_nobody_reads_is_given_up() {
        let pace = Pace::new();
        let _answering = pace.begin(false);
        pace.written(false);
        let since = Instant::now();
        tokio::time::advance(Duration::from_secs(5)).await;
        pace.written(false);
        assert_eq!(pace.deadline(), Some(since + READ_LIMIT));
        pace.written(true);
        assert_eq!(pace.deadline(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn frames_between_requests_are_no_half_requests_where_requests_share_a_connection() {
        let pace = Pace::new();
        drop(pace.begin(true));
        pace.read();
        assert_eq!(pace.deadline(), Some(Instant::now() + IDLE_LIMIT));
    }
}
