//! One run from its start to its end.

use std::time::Duration;

use domain::response::{Answer, FailureCode, Outcome, Response, ResponseCommand, Usage};
use eventstore::executor::{Committed, Context, Execution, ExecutorError, step};
use eventstore::partials::{self, Run};
use eventstore::{AppendError, leases};
use futures_util::StreamExt;
use projections::response::{ResponseView, queries};

use super::speech::Speech;
use super::{Responder, context, title};
use crate::model::Piece;

/// How often a run looks whether it was asked to end.
const CANCEL_POLL: Duration = Duration::from_millis(200);
/// Deltas that an attempt has at most; the next one counts on from there.
const ATTEMPT_SEQ: u64 = 1 << 32;
/// Deltas within this time leave together.
const COALESCE: Duration = Duration::from_millis(30);
/// How long the end of a run is tried again while the database is away.
const ENDING_TRIES: u32 = 60;

/// Leads a run to its end. Whatever goes wrong becomes its outcome; only a lost fence or database leaves it to others.
pub(super) async fn answer(responder: &Responder, run: &ResponseView) {
    let attempt = u32::try_from(run.attempt).unwrap_or(0) + 1;
    if let Err(error) = execute(responder, run, ResponseCommand::StartResponse { attempt }).await {
        // Cancelled or taken over meanwhile: the run is somebody else's.
        tracing::info!(run = %run.id, %error, "a run was not begun");
    } else {
        if attempt > 1 {
            // Somebody may have heard what the worker before has said: this one begins anew, further on.
            let seq = u64::from(attempt - 1) * ATTEMPT_SEQ;
            responder.live.resume(run.conversation_id, run.id, seq);
        }
        let outcome = speak(responder, run, attempt).await;
        end(responder, run, attempt, outcome).await;
        title::name_conversation(responder, run).await;
    }
    responder.live.end(run.conversation_id, run.id);
    release(responder, run).await;
}

pub(super) async fn release(responder: &Responder, run: &ResponseView) {
    if let Err(error) = leases::release(&responder.pool, run.id).await {
        tracing::warn!(run = %run.id, %error, "a lease was not let go; it expires by itself");
    }
}

/// Lets the model speak until it has finished, fails, or is asked to stop.
async fn speak(responder: &Responder, run: &ResponseView, attempt: u32) -> Outcome {
    let mut speech = Speech::new(responder.live.clone(), run.conversation_id, run.id);
    let request = match context::build(&responder.pool, run).await {
        Ok(request) => request,
        Err(error) => {
            tracing::error!(run = %run.id, %error, "the context of a run could not be read");
            return failed(
                FailureCode::Internal,
                "the conversation could not be read",
                speech,
            );
        }
    };
    let model = match responder.catalogue.find(&run.model).await {
        Ok(model) => model,
        Err(error) => return failed(error.code, &error.detail, speech),
    };
    let mut pieces = model.stream(request);
    let mut cancel = tokio::time::interval(CANCEL_POLL);
    let mut flush = tokio::time::interval(COALESCE);
    let mut save = tokio::time::interval(partials::INTERVAL);
    loop {
        tokio::select! {
            biased;
            _ = cancel.tick() => {
                if queries::is_cancelling(&responder.pool, run.id).await.unwrap_or(false) {
                    let usage = speech.usage();
                    return Outcome::Cancelled { answer: speech.end(), usage };
                }
            }
            _ = flush.tick() => speech.flush(),
            _ = save.tick() => {
                if let Some(answer) = speech.unsaved() {
                    keep(responder, of(run, attempt), &answer).await;
                }
            }
            piece = pieces.next() => match piece {
                Some(Ok(Piece::Finished { reason, usage })) => {
                    return Outcome::Completed { answer: speech.end(), finish_reason: reason, usage };
                }
                Some(Ok(piece)) => {
                    if let Err(error) = speech.hear(piece) {
                        return failed(error.code, &error.detail, speech);
                    }
                }
                Some(Err(error)) => return failed(error.code, &error.detail, speech),
                None => {
                    let detail = "the provider ended without saying so";
                    return failed(FailureCode::ProviderError, detail, speech);
                }
            },
        }
    }
}

/// The run as its saved text knows it.
pub(super) fn of(run: &ResponseView, attempt: u32) -> Run {
    Run {
        id: run.id,
        conversation_id: run.conversation_id,
        attempt,
    }
}

async fn keep(responder: &Responder, run: Run, answer: &Answer) {
    let source = &responder.catalogue.source;
    let saved = partials::save(&source.pool, &source.log, &source.keys, run, answer).await;
    if let Err(error) = saved {
        tracing::warn!(run = %run.id, %error, "a running answer was not saved");
    }
}

fn failed(code: FailureCode, detail: &str, speech: Speech) -> Outcome {
    let usage: Usage = speech.usage();
    Outcome::Failed {
        code,
        detail: detail.to_owned(),
        answer: speech.end(),
        usage,
    }
}

/// Makes the outcome durable, also when the database comes back only after a while.
async fn end(responder: &Responder, run: &ResponseView, attempt: u32, outcome: Outcome) {
    for _ in 0..ENDING_TRIES {
        let command = ResponseCommand::EndResponse {
            attempt,
            outcome: outcome.clone(),
        };
        match execute(responder, run, command).await {
            Ok(_) => return forget(responder, run).await,
            Err(ExecutorError::Append(
                AppendError::Unavailable | AppendError::StorageFull | AppendError::Overloaded,
            )) => {
                tokio::time::sleep(super::PAUSE).await;
            }
            Err(error) => {
                tracing::warn!(run = %run.id, %error, "the outcome of a run was not taken");
                return;
            }
        }
    }
}

pub(super) async fn forget(responder: &Responder, run: &ResponseView) {
    if let Err(error) = partials::forget(&responder.pool, run.id).await {
        tracing::warn!(run = %run.id, %error, "the saved text of a run was not removed");
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
