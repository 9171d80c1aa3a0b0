//! Serves one connection.

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use poem::http::uri::Scheme;
use poem::http::{self, Version};
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Addr, Endpoint, Response};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};

use super::frames::FrameMeter;
use super::pace::{ActiveRequest, HEAD_LIMIT, Pace, PacedSocket};

/// Largest size of the request headers in bytes, and their maximum number.
const HEAD_BYTES: usize = 64 * 1024;
const HEADERS: usize = 100;
/// Concurrent requests on one HTTP/2 connection.
const STREAMS: u32 = 100;
/// How long a connection may take to close after it timed out.
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(1);

/// Serves a connection until the client disconnects or stalls, or the server stops.
pub(super) async fn serve<E: Endpoint<Output = Response> + 'static>(
    socket: TcpStream,
    (local, remote): (SocketAddr, SocketAddr),
    endpoint: Arc<E>,
    mut closed: watch::Receiver<bool>,
) {
    // Otherwise a frame of a stream would be delayed until the next one.
    let _ = socket.set_nodelay(true);
    let pace = Pace::new();
    let service = service_fn(|request: http::Request<Incoming>| {
        let active = pace.start_request(request.version() == Version::HTTP_2);
        let endpoint = endpoint.clone();
        async move {
            let local = LocalAddr(Addr::SocketAddr(local));
            let remote = RemoteAddr(Addr::SocketAddr(remote));
            let request = (request, local, remote, Scheme::HTTP).into();
            let response: http::Response<_> = endpoint.get_response(request).await.into();
            let tracked = |body| TrackedBody {
                body,
                _request: active,
            };
            Ok::<_, Infallible>(response.map(tracked))
        }
    });
    let paced = PacedSocket {
        socket,
        pace: pace.clone(),
        frames: FrameMeter::new(),
    };
    let builder = builder();
    let mut connection = pin!(builder.serve_connection_with_upgrades(TokioIo::new(paced), service));
    let stopped = tokio::select! {
        ended = watch_progress(connection.as_mut(), &pace) => match ended {
            Progress::Disconnected => return,
            Progress::Stalled => false,
        },
        _ = closed.wait_for(|closed| *closed) => true,
    };
    connection.as_mut().graceful_shutdown();
    if stopped {
        // The caller that stops the server limits how long this may take.
        let _ = connection.await;
    } else {
        let _ = timeout(SHUTDOWN_LIMIT, connection).await;
    }
}

/// Why a connection makes no more progress.
enum Progress {
    Disconnected,
    Stalled,
}

/// Serves a connection until the client disconnects, or is slower than the pace allows.
async fn watch_progress(mut connection: Pin<&mut impl Future>, pace: &Pace) -> Progress {
    let mut timer = pin!(sleep_until(Instant::now()));
    poll_fn(|context| {
        if connection.as_mut().poll(context).is_ready() {
            return Poll::Ready(Progress::Disconnected);
        }
        let Some(deadline) = pace.deadline() else {
            return Poll::Pending;
        };
        if timer.deadline() != deadline {
            timer.as_mut().reset(deadline);
        }
        timer.as_mut().poll(context).map(|()| Progress::Stalled)
    })
    .await
}

/// A body that keeps its request active until it is dropped.
struct TrackedBody<B> {
    body: B,
    _request: ActiveRequest,
}

impl<B: Body + Unpin> Body for TrackedBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        // `Pace` limits the time for headers and for idle connections.
        .header_read_timeout(None)
        .max_headers(HEADERS)
        .max_buf_size(HEAD_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(16 * 1024)
        .max_pending_accept_reset_streams(20)
        .keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(HEAD_LIMIT);
    builder
}
