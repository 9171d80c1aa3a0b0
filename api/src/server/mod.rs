//! The HTTP server: accepts a limited number of connections, serves HTTP/1.1 and HTTP/2, and drains them at shutdown.

mod connection;
mod frames;
mod pace;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use poem::{Endpoint, Response};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;

/// Pause after a failed accept, for example for lack of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A bound listener, whose address is known before requests are served.
#[derive(Debug)]
pub struct BoundListener {
    listener: TcpListener,
    pub address: SocketAddr,
}

/// Binds an address.
pub async fn bind(listen: SocketAddr) -> io::Result<BoundListener> {
    let listener = TcpListener::bind(listen).await?;
    let address = listener.local_addr()?;
    Ok(BoundListener { listener, address })
}

impl BoundListener {
    /// Serves at most `connections` at the same time until `stop` resolves; open requests then have the time `drain` to
    /// end.
    pub async fn serve(
        self,
        endpoint: impl Endpoint<Output = Response> + 'static,
        connections: usize,
        stop: impl Future<Output = ()>,
        drain: Duration,
    ) {
        let (closing, closed) = watch::channel(false);
        let mut served = JoinSet::new();
        self.accept_until(endpoint, connections, stop, &closed, &mut served)
            .await;
        drop(self.listener);
        closing.send_replace(true);
        let drained = async { while served.join_next().await.is_some() {} };
        if tokio::time::timeout(drain, drained).await.is_err() {
            tracing::warn!("some requests did not end in time and were aborted");
        }
    }

    /// Serves a temporary endpoint until `stop` resolves, and keeps the listener. Open connections are then closed.
    pub async fn serve_until(
        &self,
        endpoint: impl Endpoint<Output = Response> + 'static,
        connections: usize,
        stop: impl Future<Output = ()>,
    ) {
        let (_closing, closed) = watch::channel(false);
        let mut served = JoinSet::new();
        self.accept_until(endpoint, connections, stop, &closed, &mut served)
            .await;
    }

    async fn accept_until(
        &self,
        endpoint: impl Endpoint<Output = Response> + 'static,
        connections: usize,
        stop: impl Future<Output = ()>,
        closed: &watch::Receiver<bool>,
        served: &mut JoinSet<()>,
    ) {
        let endpoint = Arc::new(endpoint);
        let permits = Arc::new(Semaphore::new(connections));
        tokio::pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => return,
                (socket, peer, permit) = self.accept(&permits) => {
                    let (endpoint, closed, address) = (endpoint.clone(), closed.clone(), self.address);
                    served.spawn(async move {
                        connection::serve(socket, (address, peer), endpoint, closed).await;
                        drop(permit);
                    });
                }
                Some(_) = served.join_next(), if !served.is_empty() => {}
            }
        }
    }

    /// Accepts the next connection once there is a permit for it; until then it waits in the backlog of the system.
    async fn accept(
        &self,
        permits: &Arc<Semaphore>,
    ) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
        let permit = permits.clone().acquire_owned().await.ok();
        loop {
            match self.listener.accept().await {
                Ok((socket, peer)) => return (socket, peer, permit),
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
}
