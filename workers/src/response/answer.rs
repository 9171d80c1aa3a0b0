//! One run from its start to its end.

use std::time::Duration;

use domain::response::{
    Call, FailureCode, FinishReason, Outcome, PromptPassage, ResponseCommand, Usage, answer_text,
};
use eventstore::Lease;
use eventstore::executor::ExecutorError;
use eventstore::log::LogError;
use eventstore::partial_answers::{self, RunAttempt};
use eventstore::{Backoff, Transient};
use futures_util::stream::BoxStream;
use futures_util::{FutureExt, StreamExt};
use projections::conversation::queries as conversations;
use projections::response::ResponseView;
use projections::response::prompt::{self, PendingQuestion};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::calls::{self, Calls};
use super::interruption::{Abandoned, Interrupted, Interruption};
use super::record::{execute, record};
use super::speech::Speech;
use super::{Responder, attachments, knowledge};
use crate::kit::retry;
use crate::model::{ModelError, ModelEvent};
use crate::provider::doubt;

/// Deltas within this time leave together.
const COALESCE: Duration = Duration::from_millis(30);
/// How long the last save of a running answer may take once it has ended.
const SAVE_LIMIT: Duration = Duration::from_secs(2);
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Brings a run to its end. What fails for a reason that does not pass becomes its outcome; while the database is away
/// it is tried again; a run that another worker has taken over is left to that one. Tells what was answered, where the
/// model has come to its end.
pub(super) async fn answer(
    responder: &Responder,
    run: &ResponseView,
    lease: Lease,
    question: Option<PendingQuestion>,
) -> Option<Answered> {
    let attempt = u32::try_from(run.attempt).unwrap_or(0) + 1;
    let mut answered = None;
    let ended = match generate(responder, run, attempt, &lease, question).await {
        Ok((outcome, calls)) => {
            if let Outcome::Completed { answer, .. } = &outcome {
                let by = calls.last().map_or(&run.model, |call| &call.model);
                answered = Some(Answered {
                    text: answer_text(&answer.parts),
                    by: by.clone(),
                });
            }
            let doubted: Vec<String> = calls
                .iter()
                .filter(|call| call.failure == Some(FailureCode::ProviderUnauthorized))
                .map(|call| call.model.clone())
                .collect();
            let recorded = record(responder, run, attempt, (outcome, calls), &lease).await;
            for model in doubted {
                doubt(&responder.catalogue, &responder.executor, &model).await;
            }
            recorded
        }
        Err(abandoned) => {
            tracing::info!(run = %run.id, reason = %abandoned, "a run was not answered here");
            false
        }
    };
    match ended {
        true => responder.live.finish(run.conversation_id, run.id),
        false => responder.live.abandon(run.conversation_id, run.id),
    }
    lease.release().await;
    answered.filter(|_| ended)
}

/// What was answered, and by which model.
pub(super) struct Answered {
    pub text: String,
    pub by: String,
}

/// How the model came to its end.
enum Ended {
    Finished(FinishReason, Usage),
    Cancelled,
    Failed(ModelError),
    /// The process stops.
    Interrupted,
}

/// Lets the model speak until it has finished, fails, or is asked to stop. A run that was handed over asks it while
/// its start is made durable, and nothing of what it says leaves before; for one that a view showed, which may be late,
/// the log decides first whether there is anything to answer.
async fn generate(
    responder: &Responder,
    run: &ResponseView,
    attempt: u32,
    lease: &Lease,
    question: Option<PendingQuestion>,
) -> Result<(Outcome, Vec<Call>), Abandoned> {
    let calls = Calls::new(responder.tariff.clone());
    let mut interruption = Interruption::of(responder, run, lease);
    let finding = retry(lease, "find passages for a run", || {
        knowledge::of(responder, run, question.as_ref())
    });
    let found = tokio::select! {
        found = finding => found,
        cancelled = interruption.before_speech() => {
            cancelled?;
            Ok(None)
        }
    };
    let passages = found.as_ref().ok().cloned().flatten().unwrap_or_default();
    let ids = passages.iter().map(|one| one.passage_id).collect();
    let mut speech = Speech::new(
        responder.live.clone(),
        run.conversation_id,
        (run.id, attempt),
        passages,
    );
    let handed_over = question.is_some();
    let mut started = std::pin::pin!(start(responder, run, attempt, ids, lease).fuse());
    let mut asking = std::pin::pin!(ask(responder, run, (question, found), &calls, lease));
    let mut begun = false;
    let asked = loop {
        tokio::select! {
            result = &mut started, if !begun => {
                result?;
                begun = true;
            }
            asked = &mut asking, if begun || handed_over => break Some(asked),
            cancelled = interruption.before_speech() => {
                cancelled?;
                break None;
            }
        }
    };
    if !begun && !matches!(asked, Some(Ok(_))) {
        started.as_mut().await?;
    }
    let mut pieces = match asked {
        Some(Ok(pieces)) => pieces,
        Some(Err(error)) => return Ok((failed(error.code, &error.detail, speech), vec![])),
        None => return Ok(outcome(Ended::Cancelled, speech, &calls)),
    };
    if begun {
        open(responder, run, attempt, &mut speech);
    }
    let mut saving = Saving::default();
    let mut flush = tokio::time::interval(COALESCE);
    let mut save = tokio::time::interval(partial_answers::INTERVAL);
    let ended = loop {
        tokio::select! {
            biased;
            result = &mut started, if !begun => {
                result?;
                begun = true;
                open(responder, run, attempt, &mut speech);
            }
            interrupted = interruption.next() => match interrupted? {
                Interrupted::Cancelled => break Ended::Cancelled,
                Interrupted::Stopping if !begun || speech.is_empty() => {
                    return Err(Abandoned::Stopping);
                }
                Interrupted::Stopping => break Ended::Interrupted,
            },
            // Where somebody else may have taken over, nothing is passed on.
            _ = flush.tick() => if lease.is_valid() { speech.flush() },
            _ = save.tick(), if begun => saving.save(responder, of(run, attempt), &mut speech),
            piece = pieces.next() => match hear(&mut speech, lease, piece) {
                Ok(None) => {}
                Ok(Some(ended)) => break ended,
                Err(error) => break Ended::Failed(error),
            },
        }
    };
    if !begun {
        started.await?;
        open(responder, run, attempt, &mut speech);
    }
    saving.end().await;
    Ok(outcome(ended, speech, &calls))
}

/// Makes the start of an attempt durable.
async fn start(
    responder: &Responder,
    run: &ResponseView,
    attempt: u32,
    passages: Vec<Uuid>,
    lease: &Lease,
) -> Result<(), Abandoned> {
    let mut backoff = Backoff::new(SHORTEST_PAUSE, LONGEST_PAUSE);
    let mut unsure = false;
    loop {
        let command = ResponseCommand::StartResponse {
            attempt,
            passages: passages.clone(),
        };
        match execute(responder, run, command).await {
            Ok(_) => return Ok(()),
            // A try whose answer was lost has committed, if the lease is still ours: nobody else could begin it then.
            Err(ExecutorError::Refused(refusal)) if unsure && refusal.code() == "other_attempt" => {
                let renewed = responder.leases.renew().await;
                return match renewed.is_ok() && lease.is_valid() {
                    true => Ok(()),
                    false => Err(Abandoned::Lost),
                };
            }
            Err(error) if error.is_transient() && !lease.is_lost() => {
                unsure = true;
                tokio::time::sleep(backoff.pause()).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Saves what was said so far, one save at a time, beside what passes it on.
#[derive(Default)]
struct Saving(JoinSet<()>);

impl Saving {
    fn save(&mut self, responder: &Responder, run: RunAttempt, speech: &mut Speech) {
        while self.0.try_join_next().is_some() {}
        if !self.0.is_empty() {
            return;
        }
        let Some(answer) = speech.unsaved() else {
            return;
        };
        let source = responder.catalogue.source.clone();
        self.0.spawn(async move {
            let saved =
                partial_answers::save(&source.pool, &source.log, &source.keys, run, &answer).await;
            if let Err(error) = saved {
                tracing::debug!(run = %run.id, %error, "failed to save a running answer; retrying");
            }
        });
    }

    /// Lets the last save come to its end: it must not follow the outcome, which removes what was saved.
    async fn end(mut self) {
        let _ = tokio::time::timeout(SAVE_LIMIT, self.0.join_next()).await;
        self.0.shutdown().await;
    }
}

fn hear(
    speech: &mut Speech,
    lease: &Lease,
    piece: Option<Result<ModelEvent, ModelError>>,
) -> Result<Option<Ended>, ModelError> {
    match piece.transpose()? {
        Some(ModelEvent::Finished { reason, usage }) => Ok(Some(Ended::Finished(reason, usage))),
        Some(piece) => speech.hear(piece, lease.is_valid()).map(|()| None),
        None => Err(ModelError::provider(
            "the provider ended without saying so".to_owned(),
        )),
    }
}

fn outcome(ended: Ended, speech: Speech, calls: &Calls) -> (Outcome, Vec<Call>) {
    let failure = match &ended {
        Ended::Failed(error) => Some(error.code),
        Ended::Finished(..) | Ended::Cancelled | Ended::Interrupted => None,
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
        Ended::Interrupted => Outcome::Interrupted {
            answer: speech.end(),
        },
    };
    (outcome, calls)
}

/// The start is durable. Somebody may have heard what a worker before has said: a later attempt begins with an empty
/// text, further on.
fn open(responder: &Responder, run: &ResponseView, attempt: u32, speech: &mut Speech) {
    if attempt > 1 {
        responder
            .live
            .start_attempt(run.conversation_id, run.id, attempt);
    }
    speech.open();
}

/// What the prompt of a run is made from.
type Given = (
    Option<PendingQuestion>,
    Result<Option<Vec<PromptPassage>>, LogError>,
);

/// Asks the model. A prompt has no side effects: it is made again while the database is away.
async fn ask(
    responder: &Responder,
    run: &ResponseView,
    (question, found): Given,
    calls: &Calls,
    lease: &Lease,
) -> Result<BoxStream<'static, Result<ModelEvent, ModelError>>, ModelError> {
    let source = &responder.catalogue.source;
    let passages = found.map_err(|error| unreadable(run, &error))?;
    let prompt = retry(lease, "make the prompt of a run", || async {
        let files = carried(responder, run, question.as_ref()).await?;
        attachments::read(responder, &files).await;
        let files = &responder.reader.files;
        let source = (&source.pool, &source.log, &source.keys);
        prompt::build(source, files, run, question.clone(), passages.clone()).await
    });
    // The first model is looked up meanwhile: nobody waits for that.
    let first = retry(lease, "find the model of a run", || {
        responder.catalogue.find(&run.model)
    });
    let (prompt, first) = tokio::join!(prompt, first);
    let prompt = prompt.map_err(|error| unreadable(run, &error))?;
    let models = responder.tariff.in_turn(&run.model);
    let catalogue = responder.catalogue.clone();
    Ok(calls::ask(
        catalogue,
        (first, models),
        prompt,
        calls.clone(),
    ))
}

fn unreadable(run: &ResponseView, error: &LogError) -> ModelError {
    tracing::error!(run = %run.id, %error, "could not make the prompt of a run");
    ModelError::new(FailureCode::Internal, "the conversation could not be read")
}

/// The files that the question of a run carries. What its answers above were asked with has been read before.
async fn carried(
    responder: &Responder,
    run: &ResponseView,
    question: Option<&PendingQuestion>,
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
pub(super) fn of(run: &ResponseView, attempt: u32) -> RunAttempt {
    RunAttempt {
        id: run.id,
        conversation_id: run.conversation_id,
        attempt,
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
