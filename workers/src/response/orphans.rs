//! Runs whose worker died: restarted, or ended with their partial answer.

use std::sync::Arc;

use domain::response::{Outcome, Usage};
use projections::response::{ResponseView, queries};
use runtime::reply_slots::{Lane, Permit};
use runtime::{Lease, leases, partial_answers};
use tokio::sync::Semaphore;

use super::{Responder, answer, record};
use crate::kit::{RunningTasks, retry};

/// Workers that may die during a run before it is given up.
const MAX_ATTEMPTS: u32 = 3;
/// Runs that are ended concurrently: after a crash there are many, and others need the database too.
const MAX_CONCURRENT: usize = 8;

/// Looks for orphaned runs forever.
pub(super) async fn recover_orphans(responder: Responder, running: RunningTasks) {
    let slots = Arc::new(Semaphore::new(MAX_CONCURRENT));
    let mut interval = tokio::time::interval(leases::RENEWAL_INTERVAL);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        let runs = match queries::list_orphaned(&responder.pool).await {
            Ok(runs) => runs,
            Err(error) => {
                tracing::debug!(%error, "failed to read orphaned runs; retrying");
                continue;
            }
        };
        for run in runs {
            let Ok(slot) = slots.clone().acquire_owned().await else {
                return;
            };
            let responder = responder.clone();
            running.spawn(async move {
                let restart = recover(&responder, &run).await;
                drop(slot);
                if let Some((lease, permit)) = restart {
                    answer::run(&responder, &run, lease, None).await;
                    drop(permit);
                }
            });
        }
    }
}

/// Restarts a run without partial answer, a few times; ends any other with its partial answer. Returns what is needed
/// to restart it.
async fn recover(responder: &Responder, run: &ResponseView) -> Option<(Lease, Permit)> {
    let lease = match responder.leases.take(run.id).await {
        Ok(lease) => lease?,
        Err(error) => {
            tracing::info!(run = %run.id, %error, "failed to take the lease of an orphaned run; retrying");
            return None;
        }
    };
    let attempt = u32::try_from(run.attempt).unwrap_or(0);
    let source = &responder.catalogue.source;
    let saved = retry(&lease, "read the partial answer of a run", || {
        partial_answers::load(
            &source.pool,
            &source.log,
            &source.keys,
            answer::run_attempt(run, attempt),
        )
    })
    .await;
    let partial = match saved {
        Ok(partial) => partial,
        Err(error) => {
            // The encryption key is unavailable. If the run ended now, its text would be lost.
            tracing::error!(run = %run.id, %error, "cannot read the partial answer of a run; leaving it");
            lease.release().await;
            return None;
        }
    };
    if partial.is_none() && attempt < MAX_ATTEMPTS && !run.cancelling {
        let Some(permit) = responder
            .reply_slots
            .acquire_permit(Lane::from_model(&run.model), run.requested_by)
        else {
            // No slot is free, so it waits in the queue.
            lease.release().await;
            return None;
        };
        tracing::info!(run = %run.id, "restarting a run whose worker died");
        return Some((lease, permit));
    }
    let answer = partial.unwrap_or_default();
    let outcome = match run.cancelling {
        true => Outcome::Cancelled {
            answer,
            usage: Usage::default(),
        },
        false => Outcome::Interrupted { answer },
    };
    // The usage was lost with the worker.
    if record::record_outcome(responder, run, attempt, (outcome, vec![]), &lease).await {
        tracing::info!(run = %run.id, "ended a run whose worker died");
        responder.live.finish(run.conversation_id, run.id);
    }
    lease.release().await;
    None
}
