//! Renews the leases of this process and ends runs whose worker died.

use domain::response::{Answer, Outcome, ResponseCommand};
use eventstore::leases;
use projections::response::queries;

use super::{Responder, answer};

/// Runs for ever. What this owner held before it started is let go first: its former self is gone.
pub(super) async fn sweep(responder: Responder) {
    while let Err(error) = leases::release_all(&responder.pool, &responder.owner).await {
        tracing::warn!(%error, "former leases could not be let go");
        tokio::time::sleep(super::PAUSE).await;
    }
    let mut beat = tokio::time::interval(leases::BEAT);
    loop {
        beat.tick().await;
        if let Err(error) = leases::renew(&responder.pool, &responder.owner).await {
            tracing::warn!(%error, "leases could not be renewed");
            continue;
        }
        match queries::orphaned(&responder.pool).await {
            Ok(runs) => {
                for run in runs {
                    let command = ResponseCommand::EndResponse {
                        attempt: u32::try_from(run.attempt).unwrap_or(0),
                        outcome: Outcome::Interrupted {
                            answer: Answer::default(),
                        },
                    };
                    match answer::execute(&responder, &run, command).await {
                        Ok(_) => {
                            tracing::info!(run = %run.id, "a run whose worker died was interrupted");
                        }
                        Err(error) => {
                            tracing::info!(run = %run.id, %error, "an orphaned run was left alone");
                        }
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "orphaned runs could not be read"),
        }
    }
}
