//! A better title than the first question, once that is answered: what a model makes of both.

use std::collections::VecDeque;
use std::time::Duration;

use domain::conversation::{Conversation, ConversationCommand, title_from_question};
use domain::response::{Call, HistoryMessage, Prompt, Speaker, Usage};
use eventstore::executor::{Context, Execution, step};
use eventstore::reply_slots::Lane;
use futures_util::StreamExt;
use projections::conversation::queries;
use projections::response::ResponseView;

use super::Responder;
use super::answer::Answered;
use super::calls::{self, Calls};
use crate::kit::wait_for_stop;
use crate::model::{ModelError, ModelEvent, estimate_tokens};

/// How long a title may take: one that thinks at home may need a while.
const LIMIT: Duration = Duration::from_mins(2);
/// Characters of the question and of the answer that a title is made from.
const READ: usize = 2_000;
/// Bytes of what is said, at most: more is no title.
const SAID: usize = 1_000;
const TASK: &str = "You name conversations. Answer with a title of at most six words, in the language of the \
                    question, as plain text and with nothing else.";

/// Which model names conversations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum TitleModel {
    /// None does: the first question stays the title.
    #[default]
    Nobody,
    /// The one that has answered.
    SameAsAnswer,
    Named(String),
}

impl TitleModel {
    fn after(&self, answered: &str) -> Option<String> {
        let model = match self {
            Self::Nobody => return None,
            Self::SameAsAnswer => answered,
            Self::Named(model) => model,
        };
        (Lane::from_model(model) == Lane::Provider).then(|| model.to_owned())
    }
}

/// Names the conversation of a run that has answered, where its title is still the question. What fails leaves it so.
pub(super) async fn write(responder: &Responder, run: &ResponseView, answered: &Answered) {
    let Some(model) = responder.tariff.titles.after(&answered.by) else {
        return;
    };
    let question = match question(responder, run).await {
        Ok(Some(question)) => question,
        Ok(None) => return,
        Err(error) => {
            return tracing::info!(run = %run.id, %error, "a conversation keeps its title");
        }
    };
    let mut stopping = responder.stopping.clone();
    let said = tokio::select! {
        said = tokio::time::timeout(LIMIT, ask(responder, &model, prompt(&question, &answered.text))) => said,
        () = wait_for_stop(&mut stopping) => return,
    };
    let (said, call) = match said {
        Ok(Ok(said)) => said,
        Ok(Err(error)) => return tracing::info!(model, %error, "a model has written no title"),
        Err(_) => return tracing::info!(model, "a model has written no title in time"),
    };
    let command = ConversationCommand::WriteTitle {
        conversation_id: run.conversation_id,
        reply: said,
        call,
    };
    let step = step::<Conversation>(run.conversation_id, None, command);
    let execution = Execution::new(Context::worker("responder", None), vec![step]);
    if let Err(error) = responder.executor.execute(execution).await {
        tracing::info!(run = %run.id, %error, "a conversation keeps its title");
    }
}

/// The question of a run, where it is what its conversation is called.
async fn question(
    responder: &Responder,
    run: &ResponseView,
) -> Result<Option<String>, sqlx::Error> {
    let (pool, id) = (&responder.pool, run.conversation_id);
    let Some(conversation) = queries::find(pool, run.requested_by, id).await? else {
        return Ok(None);
    };
    let path = queries::path(pool, id, run.prompt_message_id, 1).await?;
    let question = path.items.into_iter().next().map(|message| message.content);
    Ok(question.filter(|question| title_from_question(question) == conversation.title))
}

fn prompt(question: &str, answer: &str) -> Prompt {
    let start = |text: &str| text.chars().take(READ).collect::<String>();
    let (question, answer) = (start(question), start(answer));
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

/// What a model says, and the call of the one that has said it.
async fn ask(
    responder: &Responder,
    model: &str,
    prompt: Prompt,
) -> Result<(String, Call), ModelError> {
    let calls = Calls::new(responder.tariff.clone());
    let catalogue = responder.catalogue.clone();
    let first = catalogue.find(model).await;
    // Nothing stands in for it: the question is title enough.
    let alone = VecDeque::from([model.to_owned()]);
    let mut pieces = calls::ask(catalogue, (first, alone), prompt, calls.clone());
    let (mut said, mut usage) = (String::new(), Usage::default());
    while said.len() < SAID
        && let Some(piece) = pieces.next().await
    {
        match piece? {
            ModelEvent::Text(text) => {
                usage.output_tokens += estimate_tokens(&text);
                said.push_str(&text);
            }
            ModelEvent::TextWasReasoning => said.clear(),
            ModelEvent::Usage(counted) | ModelEvent::Finished { usage: counted, .. } => {
                usage = counted
            }
            ModelEvent::Reasoning(_) | ModelEvent::Citation(_) | ModelEvent::OmittedFields(_) => {}
        }
    }
    let call = calls.take(usage, None).pop();
    let call = call.ok_or_else(|| ModelError::provider("no model was asked"))?;
    Ok((said, call))
}
