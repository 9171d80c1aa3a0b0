//! One run from its start to its end.

use std::time::Duration;

use domain::response::{
    Answer, Call, FailureCode, FinishReason, Grounding, Outcome, Response, ResponseCommand, Usage,
};
use eventstore::AppendError;
use eventstore::executor::{Committed, Context, Execution, ExecutorError, step};
use eventstore::log::LogError;
use eventstore::partials::{self, Run};
use futures_util::stream::BoxStream;
use futures_util::{FutureExt, StreamExt};
use projections::conversation::queries as conversations;
use projections::response::prompt::{self, Question};
use projections::response::{ResponseView, queries};
use uuid::Uuid;

use super::calls::{self, Calls};
use super::speech::Speech;
use super::{Responder, attachments, knowledge, title};
use crate::model::{ModelError, Piece};
use crate::provider::doubt;

/// How often a run looks whether it was asked to end.
const CANCEL_POLL: Duration = Duration::from_millis(200);
/// Deltas that an attempt has at most; the next one counts on from there.
const ATTEMPT_SEQ: u64 = 1 << 32;
/// Deltas within this time leave together.
const COALESCE: Duration = Duration::from_millis(30);
/// How long the end of a run is tried again while the database is away.
const ENDING_TRIES: u32 = 60;
/// How long the views may take to show the end of a run.
const VIEWS: Duration = Duration::from_secs(5);

/// Leads a run to its end. Whatever goes wrong becomes its outcome; only a lost fence or database leaves it to others.
pub(super) async fn answer(responder: &Responder, run: &ResponseView, question: Option<Question>) {
    let attempt = u32::try_from(run.attempt).unwrap_or(0) + 1;
    match speak(responder, run, attempt, question).await {
        Ok((outcome, calls)) => {
            let doubted: Vec<String> = calls
                .iter()
                .filter(|call| call.failure == Some(FailureCode::ProviderUnauthorized))
                .map(|call| call.model.clone())
                .collect();
            end(responder, run, attempt, (outcome, calls)).await;
            title::name_conversation(responder, run).await;
            for model in doubted {
                doubt(&responder.catalogue, &responder.executor, &model).await;
            }
        }
        // Cancelled or taken over meanwhile: the run is somebody else's.
        Err(error) => tracing::info!(run = %run.id, %error, "a run was not begun"),
    }
    responder.live.end(run.conversation_id, run.id);
    release(responder, run).await;
}

pub(super) async fn release(responder: &Responder, run: &ResponseView) {
    if let Err(error) = responder.leases.release(run.id).await {
        tracing::warn!(run = %run.id, %error, "a lease was not let go; it expires by itself");
    }
}

/// Lets the model speak until it has finished, fails, or is asked to stop. It is asked while the start of the run is
/// made durable; nothing of what it says leaves before.
async fn speak(
    responder: &Responder,
    run: &ResponseView,
    attempt: u32,
    question: Option<Question>,
) -> Result<(Outcome, Vec<Call>), ExecutorError> {
    let calls = Calls::new(responder.tariff.clone());
    let knowledge = knowledge::of(responder, run, question.as_ref()).await;
    let given = knowledge.as_ref().ok().and_then(Option::as_ref);
    let start = ResponseCommand::StartResponse {
        attempt,
        passages: given.map_or(vec![], |given| {
            given.iter().map(|one| one.passage_id).collect()
        }),
    };
    let passages = given.cloned().unwrap_or_default();
    let mut started = std::pin::pin!(execute(responder, run, start).fuse());
    let mut prepared = std::pin::pin!(ask(responder, run, question, knowledge, &calls));
    let mut begun = false;
    let asked = tokio::select! {
        asked = &mut prepared => asked,
        result = &mut started => {
            result?;
            begun = true;
            prepared.await
        }
    };
    let mut speech = Speech::new(
        responder.live.clone(),
        run.conversation_id,
        run.id,
        passages,
    );
    let mut pieces = match asked {
        Ok(pieces) => pieces,
        Err(error) => {
            if !begun {
                started.await?;
            }
            return Ok((failed(error.code, &error.detail, speech), vec![]));
        }
    };
    if begun {
        begin(responder, run, attempt, &mut speech);
    }
    let mut cancel = tokio::time::interval(CANCEL_POLL);
    let mut flush = tokio::time::interval(COALESCE);
    let mut save = tokio::time::interval(partials::INTERVAL);
    let ended = loop {
        tokio::select! {
            biased;
            result = &mut started, if !begun => {
                result?;
                begun = true;
                begin(responder, run, attempt, &mut speech);
            }
            _ = cancel.tick() => {
                if queries::is_cancelling(&responder.pool, run.id).await.unwrap_or(false) {
                    break Ended::Cancelled;
                }
            }
            _ = flush.tick() => speech.flush(),
            _ = save.tick(), if begun => {
                if let Some(answer) = speech.unsaved() {
                    keep(responder, of(run, attempt), &answer).await;
                }
            }
            piece = pieces.next() => match hear(&mut speech, piece) {
                Ok(None) => {}
                Ok(Some(ended)) => break ended,
                Err(error) => break Ended::Failed(error),
            },
        }
    };
    if !begun {
        started.await?;
        begin(responder, run, attempt, &mut speech);
    }
    Ok(outcome(ended, speech, &calls))
}

/// How the model came to its end.
enum Ended {
    Finished(FinishReason, Usage),
    Cancelled,
    Failed(ModelError),
}

fn hear(
    speech: &mut Speech,
    piece: Option<Result<Piece, ModelError>>,
) -> Result<Option<Ended>, ModelError> {
    match piece.transpose()? {
        Some(Piece::Finished { reason, usage }) => Ok(Some(Ended::Finished(reason, usage))),
        Some(piece) => speech.hear(piece).map(|()| None),
        None => Err(ModelError::provider(
            "the provider ended without saying so".to_owned(),
        )),
    }
}

fn outcome(ended: Ended, speech: Speech, calls: &Calls) -> (Outcome, Vec<Call>) {
    let failure = match &ended {
        Ended::Failed(error) => Some(error.code),
        Ended::Finished(..) | Ended::Cancelled => None,
    };
    let calls = calls.take(speech.usage(), failure);
    let outcome = match ended {
        Ended::Finished(finish_reason, usage) => Outcome::Completed {
            answer: speech.end(),
            finish_reason,
            usage,
        },
        Ended::Cancelled => {
            let usage = speech.usage();
            Outcome::Cancelled {
                answer: speech.end(),
                usage,
            }
        }
        Ended::Failed(error) => failed(error.code, &error.detail, speech),
    };
    (outcome, calls)
}

/// The start is durable. Somebody may have heard what a worker before has said: a later attempt begins anew, further on.
fn begin(responder: &Responder, run: &ResponseView, attempt: u32, speech: &mut Speech) {
    if attempt > 1 {
        let seq = u64::from(attempt - 1) * ATTEMPT_SEQ;
        responder.live.resume(run.conversation_id, run.id, seq);
    }
    speech.open();
}

/// Asks the model.
async fn ask(
    responder: &Responder,
    run: &ResponseView,
    question: Option<Question>,
    knowledge: Result<Option<Vec<Grounding>>, LogError>,
    calls: &Calls,
) -> Result<BoxStream<'static, Result<Piece, ModelError>>, ModelError> {
    let source = &responder.catalogue.source;
    let prompt = async {
        attachments::read(
            responder,
            &carried(responder, run, question.as_ref()).await?,
        )
        .await;
        let files = &responder.reader.files;
        let source = (&source.pool, &source.log, &source.keys);
        prompt::build(source, files, run, question, knowledge?).await
    };
    // The first model is looked up meanwhile: nobody waits for that.
    let (prompt, first) = tokio::join!(prompt, responder.catalogue.find(&run.model));
    let prompt = prompt.map_err(|error| {
        tracing::error!(run = %run.id, %error, "the prompt of a run could not be made");
        ModelError::new(FailureCode::Internal, "the conversation could not be read")
    })?;
    let models = responder.tariff.in_turn(&run.model);
    let catalogue = responder.catalogue.clone();
    Ok(calls::ask(
        catalogue,
        (first, models),
        prompt,
        calls.clone(),
    ))
}

/// The files that the question of a run carries. What its answers above were asked with has been read before.
async fn carried(
    responder: &Responder,
    run: &ResponseView,
    question: Option<&Question>,
) -> Result<Vec<Uuid>, sqlx::Error> {
    if let Some(question) = question {
        return Ok(question.attachments.clone());
    }
    let (conversation, message) = (run.conversation_id, run.prompt_message_id);
    let asked = conversations::path(&responder.pool, conversation, message, 1).await?;
    Ok(asked
        .items
        .into_iter()
        .flat_map(|one| one.attachments)
        .collect())
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
async fn end(
    responder: &Responder,
    run: &ResponseView,
    attempt: u32,
    (outcome, calls): (Outcome, Vec<Call>),
) {
    for _ in 0..ENDING_TRIES {
        let command = ResponseCommand::EndResponse {
            attempt,
            outcome: outcome.clone(),
            calls: calls.clone(),
        };
        match execute(responder, run, command).await {
            Ok(ended) => {
                forget(responder, run).await;
                // Whoever names the conversation reads it.
                let _ = responder.progress.reach(ended.position, VIEWS).await;
                return;
            }
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
