//! Runs that are to end before their model has finished: their person asked for it, or may not be answered any more.
//! One query for all runs of the process, apart from what passes the answers on.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use projections::response::queries;
use tokio::sync::watch;
use uuid::Uuid;

use super::Responder;

/// How often is asked who wants a run to end.
const POLL: Duration = Duration::from_millis(200);

/// The runs that are watched.
#[derive(Debug, Clone, Default)]
pub struct Stops(Arc<Mutex<HashMap<Uuid, watch::Sender<bool>>>>);

/// Whether one run is to end. Watched until this is dropped.
#[derive(Debug)]
pub(super) struct Stop {
    run: Uuid,
    stops: Stops,
    requested: watch::Receiver<bool>,
}

impl Stops {
    pub(super) fn of(&self, run: Uuid) -> Stop {
        let (sender, requested) = watch::channel(false);
        self.runs().insert(run, sender);
        Stop {
            run,
            stops: self.clone(),
            requested,
        }
    }

    fn runs(&self) -> MutexGuard<'_, HashMap<Uuid, watch::Sender<bool>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stop {
    /// Waits until the run is to end.
    pub async fn requested(&mut self) {
        if self
            .requested
            .wait_for(|requested| *requested)
            .await
            .is_err()
        {
            // Another attempt of this process at the same run is watched now.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Stop {
    fn drop(&mut self) {
        self.stops.runs().remove(&self.run);
    }
}

/// Looks for ever which runs are to end.
pub(super) async fn watch(responder: Responder) {
    let mut tick = tokio::time::interval(POLL);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let runs: Vec<Uuid> = responder.stops.runs().keys().copied().collect();
        if runs.is_empty() {
            continue;
        }
        // While the database is away nobody can ask for anything either.
        let Ok(stopping) = queries::filter_stop_requested(&responder.pool, &runs).await else {
            continue;
        };
        let watched = responder.stops.runs();
        for run in stopping {
            if let Some(requested) = watched.get(&run) {
                requested.send_replace(true);
            }
        }
    }
}
