//! Replaces the first question as the title once it is answered: a model writes one.

use std::collections::VecDeque;
use std::time::Duration;

use domain::conversation::{WriteTitle, title_from_question};
use domain::response::{Call, HistoryMessage, Prompt, Speaker, Usage};
use eventstore::command::{Context, Execution, step};
use futures_util::StreamExt;
use projections::conversation::queries;
use projections::response::ResponseView;

use super::Responder;
use super::answer::CompletedAnswer;
use super::calls::{self, CallRecorder};
use crate::kit::wait_for_stop;
use crate::model::{ModelError, ModelEvent, estimate_tokens};

/// How long a title may take; a local reasoning model may be slow.
const TITLE_TIMEOUT: Duration = Duration::from_mins(2);
/// Characters of the question and of the answer in the prompt.
const INPUT_LIMIT: usize = 2_000;
/// Bytes of the reply; anything longer is not a title.
const REPLY_LIMIT: usize = 1_000;
const TASK: &str = "You name conversations. Answer with a title of at most six words, in the language of the \
                    question, as plain text and with nothing else.";

/// Titles the conversation of a completed run whose title is still the question. On failure the title is kept.
pub(super) async fn write_title(
    responder: &Responder,
    run: &ResponseView,
    completed: &CompletedAnswer,
) {
    let Some(model) = responder.model_settings.titles.resolve(&completed.model) else {
        return;
    };
    let question = match find_question(responder, run).await {
        Ok(Some(question)) => question,
        Ok(None) => return,
        Err(error) => {
            return tracing::info!(run = %run.id, %error, "cannot title a conversation");
        }
    };
    let mut stopping = responder.stopping.clone();
    let result = tokio::select! {
        result = tokio::time::timeout(TITLE_TIMEOUT, request_title(responder, &model, build_prompt(&question, &completed.text))) => result,
        () = wait_for_stop(&mut stopping) => return,
    };
    let (reply, call) = match result {
        Ok(Ok(reply)) => reply,
        Ok(Err(error)) => return tracing::info!(model, %error, "a model failed to write a title"),
        Err(_) => return tracing::info!(model, "a model timed out writing a title"),
    };
    let command = WriteTitle {
        conversation_id: run.conversation_id,
        reply,
        call,
    };
    let step = step(run.conversation_id, None, command);
    let execution = Execution::new(Context::worker("responder", None), vec![step]);
    if let Err(error) = responder.executor.execute(execution).await {
        tracing::info!(run = %run.id, %error, "cannot title a conversation");
    }
}

/// The question of a run, if it is the title of its conversation and anybody sees that title.
async fn find_question(
    responder: &Responder,
    run: &ResponseView,
) -> Result<Option<String>, sqlx::Error> {
    let (pool, id) = (&responder.pool, run.conversation_id);
    let conversation = queries::find(pool, run.requested_by, id).await?;
    let Some(conversation) = conversation.filter(|conversation| !conversation.hidden) else {
        return Ok(None);
    };
    let path = queries::path(pool, id, run.prompt_message_id, 1).await?;
    let question = path.items.into_iter().next().map(|message| message.content);
    Ok(question.filter(|question| title_from_question(question) == conversation.title))
}

fn build_prompt(question: &str, answer: &str) -> Prompt {
    let truncate = |text: &str| text.chars().take(INPUT_LIMIT).collect::<String>();
    let (question, answer) = (truncate(question), truncate(answer));
    Prompt {
        instructions: TASK.to_owned(),
        knowledge: None,
        history: vec![HistoryMessage {
            message_id: uuid::Uuid::nil(),
            speaker: Speaker::User,
            text: format!("Question:\n{question}\n\nAnswer:\n{answer}\n\nTitle:"),
            attachments: vec![],
        }],
        truncated: false,
        temperature: None,
        max_output_tokens: None,
    }
}

/// Requests a title; returns the reply and the call.
async fn request_title(
    responder: &Responder,
    model: &str,
    prompt: Prompt,
) -> Result<(String, Call), ModelError> {
    let calls = CallRecorder::new(responder.model_settings.clone());
    let catalogue = responder.catalogue.clone();
    let first = catalogue.find(model).await;
    // Without fallbacks: the question is good enough.
    let models = VecDeque::from([model.to_owned()]);
    let mut events = calls::stream_with_fallback(catalogue, (first, models), prompt, calls.clone());
    let (mut reply, mut usage) = (String::new(), Usage::default());
    while reply.len() < REPLY_LIMIT
        && let Some(event) = events.next().await
    {
        match event? {
            ModelEvent::Text(text) => {
                usage.output_tokens += estimate_tokens(&text);
                reply.push_str(&text);
            }
            ModelEvent::TextWasReasoning => reply.clear(),
            ModelEvent::Usage(reported)
            | ModelEvent::Finished {
                usage: reported, ..
            } => {
                usage = reported;
            }
            ModelEvent::Reasoning(_) | ModelEvent::Citation(_) | ModelEvent::OmittedFields(_) => {}
        }
    }
    let call = calls.finish(usage, None).pop();
    let call = call.ok_or_else(|| ModelError::provider("no model was called"))?;
    Ok((reply, call))
}
