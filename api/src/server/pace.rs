//! Time limits of a connection, against clients that send half a request, stay idle or do not read.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use super::frames::FrameMeter;

/// How long the request headers may take, from their first byte; on a new connection, from its start.
pub(super) const HEAD_LIMIT: Duration = Duration::from_secs(10);
/// How long an idle connection is kept open.
const IDLE_LIMIT: Duration = Duration::from_secs(75);
/// How long a client may leave a response unread.
const READ_LIMIT: Duration = Duration::from_mins(1);

/// Tracks the activity of a connection. Its socket and its requests report to it.
#[derive(Debug, Clone)]
pub(super) struct Pace(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    /// Number of active requests.
    requests: usize,
    /// Whether requests share the connection (HTTP/2), so that bytes may arrive between requests.
    multiplexed: bool,
    idle_since: Instant,
    head_since: Option<Instant>,
    unread_since: Option<Instant>,
}

/// Held as long as a request is active.
#[derive(Debug)]
pub(super) struct ActiveRequest(Pace);

impl Pace {
    pub(super) fn new() -> Self {
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

    pub(super) fn start_request(&self, multiplexed: bool) -> ActiveRequest {
        let mut state = self.state();
        state.requests += 1;
        state.multiplexed = multiplexed;
        state.head_since = None;
        ActiveRequest(self.clone())
    }

    /// When the connection times out.
    pub(super) fn deadline(&self) -> Option<Instant> {
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

    fn record_read(&self) {
        let mut state = self.state();
        if state.requests == 0 && !state.multiplexed && state.head_since.is_none() {
            state.head_since = Some(Instant::now());
        }
    }

    fn record_write(&self, whole: bool) {
        let mut state = self.state();
        if whole {
            state.unread_since = None;
        } else if state.unread_since.is_none() {
            state.unread_since = Some(Instant::now());
        }
    }
}

impl Drop for ActiveRequest {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.requests -= 1;
        state.idle_since = Instant::now();
    }
}

/// A socket that reports its activity.
#[derive(Debug)]
pub(super) struct PacedSocket<S> {
    pub socket: S,
    pub pace: Pace,
    pub frames: FrameMeter,
}

impl<S> PacedSocket<S> {
    fn record_write(&mut self, written: &Poll<io::Result<usize>>) {
        self.pace.record_write(written.is_ready());
        if let Poll::Ready(Ok(bytes)) = written {
            self.frames.record_sent(*bytes);
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for PacedSocket<S> {
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
            this.pace.record_read();
            this.frames.record_received(bytes)?;
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for PacedSocket<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.socket).poll_write(context, bytes);
        this.record_write(&written);
        written
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.socket).poll_write_vectored(context, parts);
        this.record_write(&written);
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
    async fn incomplete_headers_time_out_earlier_than_idle_connections() {
        let pace = Pace::new();
        let started = Instant::now();
        assert_eq!(pace.deadline(), Some(started + HEAD_LIMIT));
        let active = pace.start_request(false);
        assert_eq!(pace.deadline(), None);
        tokio::time::advance(Duration::from_secs(40)).await;
        drop(active);
        let ended = Instant::now();
        assert_eq!(pace.deadline(), Some(ended + IDLE_LIMIT));
        tokio::time::advance(Duration::from_secs(5)).await;
        pace.record_read();
        let head = Instant::now();
        tokio::time::advance(Duration::from_secs(5)).await;
        pace.record_read();
        assert_eq!(
            pace.deadline(),
            Some(head + HEAD_LIMIT),
            "more bytes do not extend the time"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn an_unread_response_times_out() {
        let pace = Pace::new();
        let _request = pace.start_request(false);
        pace.record_write(false);
        let since = Instant::now();
        tokio::time::advance(Duration::from_secs(5)).await;
        pace.record_write(false);
        assert_eq!(pace.deadline(), Some(since + READ_LIMIT));
        pace.record_write(true);
        assert_eq!(pace.deadline(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn frames_between_requests_do_not_count_as_headers() {
        let pace = Pace::new();
        drop(pace.start_request(true));
        pace.record_read();
        assert_eq!(pace.deadline(), Some(Instant::now() + IDLE_LIMIT));
    }
}
