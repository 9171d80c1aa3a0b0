//! Runs that are to be cancelled before their model has finished, because somebody asked for it or their requester lost
//! access. One query for all runs of the process, independent of publishing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use projections::response::queries;
use tokio::sync::watch;
use uuid::Uuid;

use super::Responder;

/// How often the database is polled.
const POLL_INTERVAL: Duration = Duration::from_millis(200);

/// The watched runs.
#[derive(Debug, Clone, Default)]
pub struct StopRequests(Arc<Mutex<HashMap<Uuid, watch::Sender<bool>>>>);

/// Tells whether one run is to be cancelled. Watched until this is dropped.
#[derive(Debug)]
pub(super) struct StopSignal {
    run: Uuid,
    requests: StopRequests,
    requested: watch::Receiver<bool>,
}

impl StopRequests {
    pub(super) fn watch(&self, run: Uuid) -> StopSignal {
        let (sender, requested) = watch::channel(false);
        self.runs().insert(run, sender);
        StopSignal {
            run,
            requests: self.clone(),
            requested,
        }
    }

    fn runs(&self) -> MutexGuard<'_, HashMap<Uuid, watch::Sender<bool>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StopSignal {
    /// Waits until the run is to be cancelled.
    pub(super) async fn wait(&mut self) {
        if self
            .requested
            .wait_for(|requested| *requested)
            .await
            .is_err()
        {
            // Another attempt at the same run is watched now.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for StopSignal {
    fn drop(&mut self) {
        self.requests.runs().remove(&self.run);
    }
}

/// Polls for runs that are to be cancelled, forever.
pub(super) async fn poll(responder: Responder) {
    let mut tick = tokio::time::interval(POLL_INTERVAL);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let runs: Vec<Uuid> = responder.stop_requests.runs().keys().copied().collect();
        if runs.is_empty() {
            continue;
        }
        // Nobody can cancel a run while the database is unavailable.
        let Ok(stopping) = queries::filter_stop_requested(&responder.pool, &runs).await else {
            continue;
        };
        let runs_watched = responder.stop_requests.runs();
        for run in stopping {
            if let Some(requested) = runs_watched.get(&run) {
                requested.send_replace(true);
            }
        }
    }
}
