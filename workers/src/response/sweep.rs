//! Renews the leases of this process and takes over runs whose worker died.

use domain::response::{Outcome, ResponseCommand, Usage};
use eventstore::{leases, partials};
use projections::response::{ResponseView, queries};
use tokio::task::JoinSet;

use super::{Responder, answer};

/// Workers that a run may lose before it is given up.
const ATTEMPTS: u32 = 3;

/// Runs for ever. What this owner held before it started is let go first: its former self is gone.
pub(super) async fn sweep(responder: Responder) {
    while let Err(error) = responder.leases.release_all().await {
        tracing::warn!(%error, "former leases could not be let go");
        tokio::time::sleep(super::PAUSE).await;
    }
    responder.seats.open();
    let mut taken = JoinSet::new();
    let mut beat = tokio::time::interval(leases::BEAT);
    loop {
        beat.tick().await;
        if let Err(error) = responder.leases.renew().await {
            tracing::warn!(%error, "leases could not be renewed");
            continue;
        }
        match queries::orphaned(&responder.pool).await {
            Ok(runs) => {
                while taken.try_join_next().is_some() {}
                for run in runs {
                    take_over(&responder, run, &mut taken).await;
                }
            }
            Err(error) => tracing::warn!(%error, "orphaned runs could not be read"),
        }
    }
}

/// A run that had said nothing worth keeping is begun anew, a few times; any other ends with what it had said.
async fn take_over(responder: &Responder, run: ResponseView, taken: &mut JoinSet<()>) {
    match responder.leases.take(run.id).await {
        Ok(true) => {}
        // Another worker was quicker.
        Ok(false) => return,
        Err(error) => return tracing::warn!(%error, run = %run.id, "a lease could not be taken"),
    }
    let attempt = u32::try_from(run.attempt).unwrap_or(0);
    let source = &responder.catalogue.source;
    let of = answer::of(&run, attempt);
    let said = match partials::load(&source.pool, &source.log, &source.keys, of).await {
        Ok(said) => said,
        Err(error) => {
            tracing::error!(run = %run.id, %error, "what a run had said could not be read");
            return answer::release(responder, &run).await;
        }
    };
    if said.is_none() && attempt < ATTEMPTS && !run.cancelling {
        tracing::info!(run = %run.id, "a run whose worker died is begun anew");
        let responder = responder.clone();
        taken.spawn(async move { answer::answer(&responder, &run, None).await });
        return;
    }
    let answer = said.unwrap_or_default();
    let outcome = match run.cancelling {
        true => Outcome::Cancelled {
            answer,
            usage: Usage::default(),
        },
        false => Outcome::Interrupted { answer },
    };
    let command = ResponseCommand::EndResponse {
        attempt,
        outcome,
        // What was asked for died with the worker.
        calls: vec![],
    };
    match answer::execute(responder, &run, command).await {
        Ok(_) => {
            tracing::info!(run = %run.id, "a run whose worker died was ended");
            answer::forget(responder, &run).await;
        }
        Err(error) => tracing::info!(run = %run.id, %error, "an orphaned run was left alone"),
    }
    answer::release(responder, &run).await;
}
