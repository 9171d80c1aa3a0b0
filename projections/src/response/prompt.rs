//! The prompt of a run, built from the views: the same before the run and whenever it is requested later.

use domain::response::{HistoryMessage, MAX_PROMPT_MESSAGES, Prompt, PromptPassage, Speaker};
use eventstore::log::LogError;
use eventstore::{Files, Keys, Log};
use sqlx::PgPool;
use uuid::Uuid;

use super::ResponseView;
use crate::assistant::versions;
use crate::conversation::{MessageRole, MessageView, queries as conversations};
use crate::file::text;

/// A question that the views may not contain yet, with its ancestors, newest first.
#[derive(Debug, Clone)]
pub struct PendingQuestion {
    pub message_id: Uuid,
    pub text: String,
    pub attachments: Vec<Uuid>,
    pub ancestors: Vec<MessageView>,
}

/// Returns the path from a message to its root, up to the maximum length of a prompt.
pub async fn ancestors(
    pool: &PgPool,
    conversation_id: Uuid,
    leaf: Uuid,
) -> Result<Vec<MessageView>, sqlx::Error> {
    let path = conversations::path(pool, conversation_id, leaf, MAX_PROMPT_MESSAGES).await?;
    Ok(path.items)
}

/// Builds the prompt of a run from the views and the passages for it. The views must contain its question, or all its
/// ancestors if the question is given. The assistant is used as configured when the run was requested.
pub async fn build(
    (pool, log, keys): (&PgPool, &Log, &Keys),
    files: &Files,
    run: &ResponseView,
    question: Option<PendingQuestion>,
    knowledge: Option<Vec<PromptPassage>>,
) -> Result<Prompt, LogError> {
    let (pending, ancestors) = match question {
        Some(question) => (
            Some((
                user_message(question.message_id, question.text),
                question.attachments,
            )),
            question.ancestors,
        ),
        None => (
            None,
            ancestors(pool, run.conversation_id, run.prompt_message_id).await?,
        ),
    };
    let messages: Vec<(HistoryMessage, Vec<Uuid>)> = pending
        .into_iter()
        .chain(ancestors.into_iter().map(history_message))
        .collect();
    let ids: Vec<Uuid> = messages
        .iter()
        .flat_map(|(_, files)| files.iter().copied())
        .collect();
    let attached = text::attached_files(pool, files, &ids).await?;
    let history = messages.into_iter().map(|(message, ids)| HistoryMessage {
        attachments: ids
            .iter()
            .filter_map(|id| attached.get(id).cloned())
            .collect(),
        ..message
    });
    let assistant = (run.assistant_id, run.assistant_version);
    let configuration = versions::find_for_run(pool, log, keys, assistant).await?;
    let mut prompt = Prompt {
        instructions: configuration.instructions,
        knowledge,
        history: vec![],
        truncated: false,
        temperature: configuration.temperature,
        max_output_tokens: configuration.max_output_tokens,
    };
    let window = run
        .context_window
        .and_then(|tokens| u32::try_from(tokens).ok());
    prompt.set_history(history, window);
    Ok(prompt)
}

fn user_message(message_id: Uuid, text: String) -> HistoryMessage {
    HistoryMessage {
        message_id,
        speaker: Speaker::User,
        text,
        attachments: vec![],
    }
}

/// A message of the history, and the ids of its attachments.
fn history_message(message: MessageView) -> (HistoryMessage, Vec<Uuid>) {
    let history = HistoryMessage {
        message_id: message.id,
        speaker: match *message.role {
            MessageRole::Assistant => Speaker::Assistant,
            MessageRole::User => Speaker::User,
        },
        text: message.content,
        attachments: vec![],
    };
    (history, message.attachments)
}
