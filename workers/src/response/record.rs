//! Records the outcome of a run, however long the database is unavailable.

use std::time::Duration;

use domain::Command;
use domain::response::{Call, EndResponse, Outcome, Response};
use eventstore::command::{Committed, Context, Execution, ExecutorError, step};
use projections::response::ResponseView;
use runtime::{Lease, partial_answers};

use super::Responder;
use crate::kit::retry;

/// How long the views may take to show the end of a run.
const VIEW_TIMEOUT: Duration = Duration::from_secs(5);

/// Records the outcome of an attempt; `false` if another attempt has replaced it.
pub(super) async fn record_outcome(
    responder: &Responder,
    run: &ResponseView,
    attempt: u32,
    (outcome, calls): (Outcome, Vec<Call>),
    lease: &Lease,
) -> bool {
    let result = retry(lease, "record the outcome of a run", || {
        let command = EndResponse {
            attempt,
            outcome: outcome.clone(),
            calls: calls.clone(),
        };
        execute(responder, run, command)
    })
    .await;
    match result {
        Ok(committed) => {
            delete_partial_answer(responder, run, attempt).await;
            // Claiming runs and titling the conversation depend on the views.
            let _ = responder
                .progress
                .wait_for(committed.position, VIEW_TIMEOUT)
                .await;
            true
        }
        Err(ExecutorError::Refused(refusal)) => {
            // Recorded by an attempt whose result was lost, or ended by the worker that took over.
            let has_ended = refusal.code() == "response_ended";
            tracing::info!(run = %run.id, refusal = refusal.code(), "a run had ended already");
            delete_partial_answer(responder, run, attempt).await;
            has_ended
        }
        Err(error) => {
            tracing::error!(run = %run.id, %error, "could not record the outcome of a run");
            false
        }
    }
}

/// Deletes the partial answer of an attempt.
pub(super) async fn delete_partial_answer(responder: &Responder, run: &ResponseView, attempt: u32) {
    if let Err(error) = partial_answers::delete(&responder.pool, run.id, attempt).await {
        tracing::info!(run = %run.id, %error, "failed to remove the saved text of a run; it is pruned later");
    }
}

pub(super) async fn execute(
    responder: &Responder,
    run: &ResponseView,
    command: impl Command<Response>,
) -> Result<Committed, ExecutorError> {
    let step = step(run.id, None, command);
    let context = Context::worker("responder", None);
    responder
        .executor
        .execute(Execution::new(context, vec![step]))
        .await
}
