//! Runs one response from start to end.

use std::pin::{Pin, pin};
use std::time::Duration;

use domain::response::{
    Call, FailureCode, FinishReason, Outcome, PromptPassage, StartResponse, Usage, answer_text,
};
use eventstore::command::ExecutorError;
use eventstore::log::LogError;
use eventstore::{Backoff, Transient};
use futures_util::future::{Fuse, FusedFuture};
use futures_util::stream::BoxStream;
use futures_util::{FutureExt, StreamExt};
use projections::conversation::queries as conversations;
use projections::response::ResponseView;
use projections::response::prompt::{self, PendingQuestion};
use runtime::Lease;
use runtime::partial_answers::{self, RunAttempt};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::calls::{self, CallRecorder};
use super::draft::DraftAnswer;
use super::interruption::{AttemptError, InterruptListener, InterruptReason};
use super::record::{execute, record_outcome};
use super::{Responder, attachments, knowledge};
use crate::kit::retry;
use crate::model::{ModelError, ModelEvent};
use crate::provider::request_check;

/// Deltas within this time are published together.
const COALESCE: Duration = Duration::from_millis(30);
/// How long the last save of a partial answer may take after the end.
const SAVE_LIMIT: Duration = Duration::from_secs(2);
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Runs a response to its end. Permanent errors become its outcome; transient errors of the database are retried; a run
/// that another worker has claimed is left to it. Returns the answer if the model completed it.
pub(super) async fn run(
    responder: &Responder,
    run: &ResponseView,
    lease: Lease,
    question: Option<PendingQuestion>,
) -> Option<CompletedAnswer> {
    let attempt = u32::try_from(run.attempt).unwrap_or(0) + 1;
    let mut completed = None;
    let is_recorded = match generate(responder, run, attempt, &lease, question).await {
        Ok((outcome, calls)) => {
            if let Outcome::Completed { answer, .. } = &outcome {
                let model = calls.last().map_or(&run.model, |call| &call.model);
                completed = Some(CompletedAnswer {
                    text: answer_text(&answer.parts),
                    model: model.clone(),
                });
            }
            let rejecting: Vec<String> = calls
                .iter()
                .filter(|call| call.failure == Some(FailureCode::ProviderUnauthorized))
                .map(|call| call.model.clone())
                .collect();
            let is_recorded =
                record_outcome(responder, run, attempt, (outcome, calls), &lease).await;
            for model in rejecting {
                request_check(&responder.catalogue, &responder.executor, &model).await;
            }
            is_recorded
        }
        Err(error) => {
            tracing::info!(run = %run.id, reason = %error, "this worker did not complete a run");
            false
        }
    };
    match is_recorded {
        true => responder.live.finish(run.conversation_id, run.id),
        false => responder.live.abandon(run.conversation_id, run.id),
    }
    lease.release().await;
    completed.filter(|_| is_recorded)
}

/// A completed answer, and the model that wrote it.
pub(super) struct CompletedAnswer {
    pub text: String,
    pub model: String,
}

/// How the generation ended.
enum GenerationEnd {
    Finished(FinishReason, Usage),
    Cancelled,
    Failed(ModelError),
    /// The process stops.
    Stopping,
}

/// The response of a model, event by event.
type Events = BoxStream<'static, Result<ModelEvent, ModelError>>;

/// Streams the model until it finishes, fails, or is cancelled. The model of an assigned run is called while its start
/// is made durable, and nothing is published before. For a run from a view, which may be outdated, the log decides
/// first whether it still needs an answer.
async fn generate(
    responder: &Responder,
    run: &ResponseView,
    attempt: u32,
    lease: &Lease,
    question: Option<PendingQuestion>,
) -> Result<(Outcome, Vec<Call>), AttemptError> {
    let calls = CallRecorder::new(responder.model_settings.clone());
    let mut interrupts = InterruptListener::new(responder, run, lease);
    let search = retry(lease, "find passages for a run", || {
        knowledge::find_passages(responder, run, question.as_ref())
    });
    let found = tokio::select! {
        found = search => found,
        cancelled = interrupts.wait_before_output() => {
            cancelled?;
            Ok(None)
        }
    };
    let passages = found.as_ref().ok().cloned().flatten().unwrap_or_default();
    let ids = passages.iter().map(|passage| passage.passage_id).collect();
    let live = responder.live.clone();
    let mut draft = DraftAnswer::new(live, run.conversation_id, (run.id, attempt), passages);
    let is_assigned = question.is_some();
    let mut start = pin!(record_start(responder, run, attempt, ids, lease).fuse());
    let request = request_answer(responder, run, (question, found), &calls, lease);
    let response = wait_for_response(start.as_mut(), request, &mut interrupts, is_assigned).await?;
    let events = match response {
        Some(Ok(events)) => events,
        Some(Err(error)) => return Ok((failed_outcome(error.code, &error.detail, draft), vec![])),
        None => return Ok(build_outcome(GenerationEnd::Cancelled, draft, &calls)),
    };
    let end = stream_answer(
        (responder, run, attempt),
        (lease, &mut interrupts),
        start,
        events,
        &mut draft,
    );
    let end = end.await?;
    Ok(build_outcome(end, draft, &calls))
}

/// Waits until a model responds, or `None` if the run is cancelled before. An assigned run need not have started then;
/// any other has, unless this fails.
async fn wait_for_response<S, R>(
    mut start: Pin<&mut Fuse<S>>,
    request: R,
    interrupts: &mut InterruptListener<'_>,
    is_assigned: bool,
) -> Result<Option<Result<Events, ModelError>>, AttemptError>
where
    S: Future<Output = Result<(), AttemptError>>,
    R: Future<Output = Result<Events, ModelError>>,
{
    let mut request = pin!(request);
    let response = loop {
        let may_respond = is_assigned || start.is_terminated();
        tokio::select! {
            result = &mut start => result?,
            response = &mut request, if may_respond => break Some(response),
            cancelled = interrupts.wait_before_output() => {
                cancelled?;
                break None;
            }
        }
    };
    if !start.is_terminated() && !matches!(response, Some(Ok(_))) {
        start.await?;
    }
    Ok(response)
}

/// Publishes and saves what a model writes. Text is published from when the start is durable.
async fn stream_answer<S>(
    (responder, run, attempt): (&Responder, &ResponseView, u32),
    (lease, interrupts): (&Lease, &mut InterruptListener<'_>),
    mut start: Pin<&mut Fuse<S>>,
    mut events: Events,
    draft: &mut DraftAnswer,
) -> Result<GenerationEnd, AttemptError>
where
    S: Future<Output = Result<(), AttemptError>>,
{
    if start.is_terminated() {
        start_publishing(responder, run, attempt, draft);
    }
    let mut saver = PartialAnswerSaver::default();
    let mut flush = tokio::time::interval(COALESCE);
    let mut save = tokio::time::interval(partial_answers::INTERVAL);
    let end = loop {
        let has_started = start.is_terminated();
        tokio::select! {
            biased;
            result = &mut start => {
                result?;
                start_publishing(responder, run, attempt, draft);
            }
            interrupted = interrupts.wait() => match interrupted? {
                InterruptReason::Cancelled => break GenerationEnd::Cancelled,
                InterruptReason::Stopping if !has_started || draft.is_empty() => {
                    return Err(AttemptError::Stopping);
                }
                InterruptReason::Stopping => break GenerationEnd::Stopping,
            },
            // Nothing is published if another worker may have claimed the run.
            _ = flush.tick() => if lease.is_valid() { draft.flush() },
            _ = save.tick(), if has_started => saver.save(responder, run_attempt(run, attempt), draft),
            event = events.next() => match process_event(draft, lease, event) {
                Ok(None) => {}
                Ok(Some(end)) => break end,
                Err(error) => break GenerationEnd::Failed(error),
            },
        }
    };
    if !start.is_terminated() {
        start.await?;
        start_publishing(responder, run, attempt, draft);
    }
    saver.finish().await;
    Ok(end)
}

/// Makes the start of an attempt durable.
async fn record_start(
    responder: &Responder,
    run: &ResponseView,
    attempt: u32,
    passages: Vec<Uuid>,
    lease: &Lease,
) -> Result<(), AttemptError> {
    let mut backoff = Backoff::new(SHORTEST_PAUSE, LONGEST_PAUSE);
    let mut is_uncertain = false;
    loop {
        let command = StartResponse {
            attempt,
            passages: passages.clone(),
        };
        match execute(responder, run, command).await {
            Ok(_) => return Ok(()),
            // The command was committed but its result was lost, if the lease is still ours: nobody else could have
            // started the attempt.
            Err(ExecutorError::Refused(refusal))
                if is_uncertain && refusal.code() == "other_attempt" =>
            {
                let renewal = responder.leases.renew().await;
                return match renewal.is_ok() && lease.is_valid() {
                    true => Ok(()),
                    false => Err(AttemptError::LeaseLost),
                };
            }
            Err(error) if error.is_transient() && !lease.is_lost() => {
                is_uncertain = true;
                tokio::time::sleep(backoff.pause()).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Saves the partial answer, one save at a time, concurrently with publishing.
#[derive(Default)]
struct PartialAnswerSaver(JoinSet<()>);

impl PartialAnswerSaver {
    fn save(&mut self, responder: &Responder, run: RunAttempt, draft: &mut DraftAnswer) {
        while self.0.try_join_next().is_some() {}
        if !self.0.is_empty() {
            return;
        }
        let Some(answer) = draft.take_unsaved() else {
            return;
        };
        let source = responder.catalogue.source.clone();
        self.0.spawn(async move {
            let result =
                partial_answers::save(&source.pool, &source.log, &source.keys, run, &answer).await;
            if let Err(error) = result {
                tracing::debug!(run = %run.id, %error, "failed to save a partial answer; retrying");
            }
        });
    }

    /// Lets the last save finish: it must not follow the outcome, which deletes the partial answer.
    async fn finish(mut self) {
        let _ = tokio::time::timeout(SAVE_LIMIT, self.0.join_next()).await;
        self.0.shutdown().await;
    }
}

fn process_event(
    draft: &mut DraftAnswer,
    lease: &Lease,
    event: Option<Result<ModelEvent, ModelError>>,
) -> Result<Option<GenerationEnd>, ModelError> {
    match event.transpose()? {
        Some(ModelEvent::Finished { reason, usage }) => {
            Ok(Some(GenerationEnd::Finished(reason, usage)))
        }
        Some(event) => draft.add(event, lease.is_valid()).map(|()| None),
        None => Err(ModelError::provider(
            "the response ended without a finish reason".to_owned(),
        )),
    }
}

fn build_outcome(
    end: GenerationEnd,
    draft: DraftAnswer,
    calls: &CallRecorder,
) -> (Outcome, Vec<Call>) {
    let failure = match &end {
        GenerationEnd::Failed(error) => Some(error.code),
        GenerationEnd::Finished(..) | GenerationEnd::Cancelled | GenerationEnd::Stopping => None,
    };
    let calls = calls.finish(draft.usage(), failure);
    let outcome = match end {
        GenerationEnd::Finished(finish_reason, usage) => Outcome::Completed {
            answer: draft.finish(),
            finish_reason,
            usage,
        },
        GenerationEnd::Cancelled => {
            let usage = draft.usage();
            Outcome::Cancelled {
                answer: draft.finish(),
                usage,
            }
        }
        GenerationEnd::Failed(error) => failed_outcome(error.code, &error.detail, draft),
        GenerationEnd::Stopping => Outcome::Interrupted {
            answer: draft.finish(),
        },
    };
    (outcome, calls)
}

/// Starts publishing once the start is durable. Clients may have received text of an earlier worker, so later attempts
/// start with an empty text.
fn start_publishing(
    responder: &Responder,
    run: &ResponseView,
    attempt: u32,
    draft: &mut DraftAnswer,
) {
    if attempt > 1 {
        responder
            .live
            .start_attempt(run.conversation_id, run.id, attempt);
    }
    draft.start_publishing();
}

/// What the prompt of a run is built from.
type PromptSources = (
    Option<PendingQuestion>,
    Result<Option<Vec<PromptPassage>>, LogError>,
);

/// Calls the model. Building the prompt has no side effects, so it is retried while the database is unavailable.
async fn request_answer(
    responder: &Responder,
    run: &ResponseView,
    (question, found): PromptSources,
    calls: &CallRecorder,
    lease: &Lease,
) -> Result<Events, ModelError> {
    let source = &responder.catalogue.source;
    let passages = found.map_err(|error| prompt_error(run, &error))?;
    let prompt = retry(lease, "build the prompt of a run", || async {
        let files = find_attachments(responder, run, question.as_ref()).await?;
        attachments::extract_texts(responder, &files).await;
        let files = &responder.reader.files;
        let source = (&source.pool, &source.log, &source.keys);
        prompt::build(source, files, run, question.clone(), passages.clone()).await
    });
    // The first model is looked up concurrently.
    let first = retry(lease, "find the model of a run", || {
        responder.catalogue.find(&run.model)
    });
    let (prompt, first) = tokio::join!(prompt, first);
    let prompt = prompt.map_err(|error| prompt_error(run, &error))?;
    let models = responder.model_settings.fallback_chain(&run.model);
    let catalogue = responder.catalogue.clone();
    Ok(calls::stream_with_fallback(
        catalogue,
        (first, models),
        prompt,
        calls.clone(),
    ))
}

fn prompt_error(run: &ResponseView, error: &LogError) -> ModelError {
    tracing::error!(run = %run.id, %error, "cannot build the prompt of a run");
    ModelError::new(FailureCode::Internal, "cannot read the conversation")
}

/// The attachments of the question. Those of earlier questions have been read before.
async fn find_attachments(
    responder: &Responder,
    run: &ResponseView,
    question: Option<&PendingQuestion>,
) -> Result<Vec<Uuid>, sqlx::Error> {
    if let Some(question) = question {
        return Ok(question.attachments.clone());
    }
    let (conversation, message) = (run.conversation_id, run.prompt_message_id);
    let path = conversations::path(&responder.pool, conversation, message, 1).await?;
    Ok(path
        .items
        .into_iter()
        .flat_map(|message| message.attachments)
        .collect())
}

/// Identifies the partial answer of a run.
pub(super) fn run_attempt(run: &ResponseView, attempt: u32) -> RunAttempt {
    RunAttempt {
        id: run.id,
        conversation_id: run.conversation_id,
        attempt,
    }
}

fn failed_outcome(code: FailureCode, detail: &str, draft: DraftAnswer) -> Outcome {
    let usage: Usage = draft.usage();
    Outcome::Failed {
        code,
        detail: detail.to_owned(),
        answer: draft.finish(),
        usage,
    }
}
