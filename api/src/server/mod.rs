//! The listener: accepts connections up to a bound, serves HTTP/1.1 and HTTP/2 on them, and drains them at the end.

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

/// How long a listener rests that cannot accept, for want of files or memory.
const REST: Duration = Duration::from_millis(50);

/// A listener that is bound: its address is known before anything is served.
#[derive(Debug)]
pub struct Bound {
    listener: TcpListener,
    pub address: SocketAddr,
}

/// Binds an address.
pub async fn bind(listen: SocketAddr) -> io::Result<Bound> {
    let listener = TcpListener::bind(listen).await?;
    let address = listener.local_addr()?;
    Ok(Bound { listener, address })
}

impl Bound {
    /// Serves at most `connections` at once until told to stop; open requests then have `drain` to end.
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
            tracing::warn!("some requests did not end in time and were cut off");
        }
    }

    /// Serves for a while, in place of what is not there yet; whoever is connected then has to come again.
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
        let places = Arc::new(Semaphore::new(connections));
        tokio::pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => return,
                (socket, peer, place) = self.accept(&places) => {
                    let (endpoint, closed, address) = (endpoint.clone(), closed.clone(), self.address);
                    served.spawn(async move {
                        connection::serve(socket, (address, peer), endpoint, closed).await;
                        drop(place);
                    });
                }
                Some(_) = served.join_next(), if !served.is_empty() => {}
            }
        }
    }

    /// The next connection, as soon as there is a place for it; until then it waits in the queue of the system.
    async fn accept(
        &self,
        places: &Arc<Semaphore>,
    ) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
        let place = places.clone().acquire_owned().await.ok();
        loop {
            match self.listener.accept().await {
                Ok((socket, peer)) => return (socket, peer, place),
                Err(error) => {
                    tracing::warn!(%error, "no connection can be accepted");
                    tokio::time::sleep(REST).await;
                }
            }
        }
    }
}
