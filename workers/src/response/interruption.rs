//! What ends a run before its model has finished.

use eventstore::command::ExecutorError;
use projections::response::ResponseView;
use runtime::Lease;
use tokio::sync::watch;

use super::Responder;
use super::stop_requests::StopSignal;
use crate::kit::wait_for_stop;

/// Why this process did not complete an attempt.
#[derive(Debug, thiserror::Error)]
pub(super) enum AttemptError {
    #[error("another worker has claimed it")]
    LeaseLost,
    #[error("the process stops before any output")]
    Stopping,
    /// Cancelled or ended in the meantime.
    #[error(transparent)]
    Refused(#[from] ExecutorError),
}

/// Why a run that we still hold does not continue.
pub(super) enum InterruptReason {
    /// It was cancelled, or its requester lost access.
    Cancelled,
    /// The process stops.
    Stopping,
}

/// Waits for anything that interrupts a run.
pub(super) struct InterruptListener<'a> {
    lease: &'a Lease,
    stop_signal: StopSignal,
    stopping: watch::Receiver<bool>,
}

impl<'a> InterruptListener<'a> {
    pub(super) fn new(responder: &Responder, run: &ResponseView, lease: &'a Lease) -> Self {
        Self {
            lease,
            stop_signal: responder.stop_requests.watch(run.id),
            stopping: responder.stopping.clone(),
        }
    }

    /// Waits for the next interruption. Fails if the lease of the run is lost.
    pub(super) async fn wait(&mut self) -> Result<InterruptReason, AttemptError> {
        tokio::select! {
            biased;
            () = self.lease.wait_until_lost() => Err(AttemptError::LeaseLost),
            () = self.stop_signal.wait() => Ok(InterruptReason::Cancelled),
            () = wait_for_stop(&mut self.stopping) => Ok(InterruptReason::Stopping),
        }
    }

    /// Waits until the run is cancelled. Without any output yet, a process that stops leaves the run to another one.
    pub(super) async fn wait_before_output(&mut self) -> Result<(), AttemptError> {
        match self.wait().await? {
            InterruptReason::Cancelled => Ok(()),
            InterruptReason::Stopping => Err(AttemptError::Stopping),
        }
    }
}
