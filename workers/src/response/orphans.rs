//! Runs whose worker died: begun again, or ended with what they had said.

use std::sync::Arc;

use domain::response::{Outcome, Usage};
use eventstore::reply_slots::{Lane, Permit};
use eventstore::{Lease, leases, partial_answers};
use projections::response::{ResponseView, queries};
use tokio::sync::Semaphore;

use super::{Responder, answer, record};
use crate::kit::{RunningTasks, retry};

/// Workers that a run may lose before it is given up.
const ATTEMPTS: u32 = 3;
/// Runs that are ended at the same time: after a crash there are many, and others need the database too.
const AT_ONCE: usize = 8;

/// Looks for such runs, for ever.
pub(super) async fn take_over(responder: Responder, running: RunningTasks) {
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let mut look = tokio::time::interval(leases::RENEWAL_INTERVAL);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        let runs = match queries::list_orphaned(&responder.pool).await {
            Ok(runs) => runs,
            Err(error) => {
                tracing::debug!(%error, "failed to read orphaned runs; retrying");
                continue;
            }
        };
        for run in runs {
            let Ok(place) = room.clone().acquire_owned().await else {
                return;
            };
            let responder = responder.clone();
            running.spawn(async move {
                let again = adopt(&responder, &run).await;
                drop(place);
                if let Some((lease, permit)) = again {
                    answer::answer(&responder, &run, lease, None).await;
                    drop(permit);
                }
            });
        }
    }
}

/// A run that had said nothing worth keeping is begun again, a few times; any other ends with what it had said. Returns
/// what is needed to begin it again.
async fn adopt(responder: &Responder, run: &ResponseView) -> Option<(Lease, Permit)> {
    let lease = match responder.leases.take(run.id).await {
        Ok(lease) => lease?,
        Err(error) => {
            tracing::info!(run = %run.id, %error, "failed to take the lease of an orphaned run; retrying");
            return None;
        }
    };
    let attempt = u32::try_from(run.attempt).unwrap_or(0);
    let source = &responder.catalogue.source;
    let saved = retry(&lease, "read what a run had said", || {
        partial_answers::load(
            &source.pool,
            &source.log,
            &source.keys,
            answer::of(run, attempt),
        )
    })
    .await;
    let said = match saved {
        Ok(said) => said,
        Err(error) => {
            // Its key is unavailable: ended now, its text would be lost for good.
            tracing::error!(run = %run.id, %error, "could not read what a run had said; leaving it");
            lease.release().await;
            return None;
        }
    };
    if said.is_none() && attempt < ATTEMPTS && !run.cancelling {
        let Some(permit) = responder
            .seats
            .acquire_permit(Lane::from_model(&run.model), run.requested_by)
        else {
            // Every seat is taken: it waits like any other.
            lease.release().await;
            return None;
        };
        tracing::info!(run = %run.id, "restarting a run whose worker died");
        return Some((lease, permit));
    }
    let answer = said.unwrap_or_default();
    let outcome = match run.cancelling {
        true => Outcome::Cancelled {
            answer,
            usage: Usage::default(),
        },
        false => Outcome::Interrupted { answer },
    };
    // What was asked for died with the worker.
    if record::record(responder, run, attempt, (outcome, vec![]), &lease).await {
        tracing::info!(run = %run.id, "ended a run whose worker died");
        responder.live.finish(run.conversation_id, run.id);
    }
    lease.release().await;
    None
}
