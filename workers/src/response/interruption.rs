//! What ends a run before its model has finished.

use eventstore::Lease;
use eventstore::executor::ExecutorError;
use projections::response::ResponseView;
use tokio::sync::watch;

use super::Responder;
use super::stops::Stop;
use crate::kit::wait_for_stop;

/// Why an attempt was not brought to an end here.
#[derive(Debug, thiserror::Error)]
pub(super) enum Abandoned {
    #[error("another worker has taken it over")]
    Lost,
    #[error("the process stops before anything was said")]
    Stopping,
    /// Cancelled or ended meanwhile.
    #[error(transparent)]
    Refused(#[from] ExecutorError),
}

/// Why a run that is still ours does not go on.
pub(super) enum Interrupted {
    /// Somebody asked for it, or may not be answered any more.
    Cancelled,
    /// The process stops.
    Stopping,
}

/// Listens for whatever may interrupt one run, at every moment of it.
pub(super) struct Interruption<'a> {
    lease: &'a Lease,
    stop: Stop,
    stopping: watch::Receiver<bool>,
}

impl<'a> Interruption<'a> {
    pub fn of(responder: &Responder, run: &ResponseView, lease: &'a Lease) -> Self {
        Self {
            lease,
            stop: responder.stops.of(run.id),
            stopping: responder.stopping.clone(),
        }
    }

    /// Waits for the next interruption. An error where the run is no longer ours.
    pub async fn next(&mut self) -> Result<Interrupted, Abandoned> {
        tokio::select! {
            biased;
            () = self.lease.wait_until_lost() => Err(Abandoned::Lost),
            () = self.stop.requested() => Ok(Interrupted::Cancelled),
            () = wait_for_stop(&mut self.stopping) => Ok(Interrupted::Stopping),
        }
    }

    /// Waits until the run is cancelled. While nothing was said, a process that stops leaves it to another one.
    pub async fn before_speech(&mut self) -> Result<(), Abandoned> {
        match self.next().await? {
            Interrupted::Cancelled => Ok(()),
            Interrupted::Stopping => Err(Abandoned::Stopping),
        }
    }
}
