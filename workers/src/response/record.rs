//! The outcome of a run, made durable however long the database is away.

use std::time::Duration;

use domain::response::{Call, Outcome, Response, ResponseCommand};
use eventstore::executor::{Committed, Context, Execution, ExecutorError, step};
use eventstore::{Lease, partial_answers};
use projections::response::ResponseView;

use super::Responder;
use crate::kit::retry;

/// How long the views may take to show the end of a run.
const VIEWS: Duration = Duration::from_secs(5);

/// Records the outcome of an attempt; false where another attempt has replaced it.
pub(super) async fn record(
    responder: &Responder,
    run: &ResponseView,
    attempt: u32,
    (outcome, calls): (Outcome, Vec<Call>),
    lease: &Lease,
) -> bool {
    let result = retry(lease, "record the outcome of a run", || {
        let command = ResponseCommand::EndResponse {
            attempt,
            outcome: outcome.clone(),
            calls: calls.clone(),
        };
        execute(responder, run, command)
    })
    .await;
    match result {
        Ok(ended) => {
            forget(responder, run, attempt).await;
            // Whoever claims runs or names the conversation reads the views.
            let _ = responder.progress.wait_for(ended.position, VIEWS).await;
            true
        }
        Err(ExecutorError::Refused(refusal)) => {
            // Recorded by a try whose answer was lost, or ended by whoever took over.
            let ended = refusal.code() == "response_ended";
            tracing::info!(run = %run.id, refusal = refusal.code(), "a run had ended already");
            forget(responder, run, attempt).await;
            ended
        }
        Err(error) => {
            tracing::error!(run = %run.id, %error, "could not record the outcome of a run");
            false
        }
    }
}

/// Removes what an attempt has saved.
pub(super) async fn forget(responder: &Responder, run: &ResponseView, attempt: u32) {
    if let Err(error) = partial_answers::delete(&responder.pool, run.id, attempt).await {
        tracing::info!(run = %run.id, %error, "failed to remove the saved text of a run; it is pruned later");
    }
}

pub(super) async fn execute(
    responder: &Responder,
    run: &ResponseView,
    command: ResponseCommand,
) -> Result<Committed, ExecutorError> {
    let step = step::<Response>(run.id, None, command);
    let context = Context::worker("responder", None);
    responder
        .executor
        .execute(Execution::new(context, vec![step]))
        .await
}
