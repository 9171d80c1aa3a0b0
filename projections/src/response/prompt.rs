//! What the model of a run is told, made of the views; the same before the run and whenever it is asked for later.

use domain::response::{HistoryMessage, MAX_PROMPT_MESSAGES, Prompt, PromptPassage, Speaker};
use eventstore::log::LogError;
use eventstore::{Files, Keys, Log};
use sqlx::PgPool;
use uuid::Uuid;

use super::ResponseView;
use crate::assistant::{queries as assistants, versions};
use crate::conversation::{MessageView, queries as conversations};
use crate::file::text;

/// A question that the views may not know yet, and what they have above it, the newest first.
#[derive(Debug, Clone)]
pub struct PendingQuestion {
    pub message_id: Uuid,
    pub text: String,
    pub attachments: Vec<Uuid>,
    pub ancestors: Vec<MessageView>,
}

/// The path from a message to its root, as far as a prompt may reach.
pub async fn ancestors(
    pool: &PgPool,
    conversation_id: Uuid,
    leaf: Uuid,
) -> Result<Vec<MessageView>, sqlx::Error> {
    let path = conversations::path(pool, conversation_id, leaf, MAX_PROMPT_MESSAGES).await?;
    Ok(path.items)
}

/// Builds the prompt of a run from the views, which have reached its question by now, or all above the one that is
/// given, and of the passages that it is to answer from. The assistant speaks as it was configured when the run was asked for.
pub async fn build(
    (pool, log, keys): (&PgPool, &Log, &Keys),
    files: &Files,
    run: &ResponseView,
    question: Option<PendingQuestion>,
    knowledge: Option<Vec<PromptPassage>>,
) -> Result<Prompt, LogError> {
    let (asked, above) = match question {
        Some(question) => (
            Some((
                asked(question.message_id, question.text),
                question.attachments,
            )),
            question.ancestors,
        ),
        None => (
            None,
            ancestors(pool, run.conversation_id, run.prompt_message_id).await?,
        ),
    };
    let said: Vec<(HistoryMessage, Vec<Uuid>)> = asked
        .into_iter()
        .chain(above.into_iter().map(said))
        .collect();
    let ids: Vec<Uuid> = said.iter().flat_map(|one| one.1.iter().copied()).collect();
    let attached = text::attached_files(pool, files, &ids).await?;
    let turns = said.into_iter().map(|(turn, ids)| HistoryMessage {
        attachments: ids
            .iter()
            .filter_map(|id| attached.get(id).cloned())
            .collect(),
        ..turn
    });
    let configured = configured((pool, log, keys), run).await?;
    let mut prompt = Prompt {
        knowledge,
        ..configured
    };
    let window = run
        .context_window
        .and_then(|tokens| u32::try_from(tokens).ok());
    prompt.set_history(turns, window);
    Ok(prompt)
}

/// A prompt as the assistant of a run was configured when it was asked for, with nothing said yet.
async fn configured(
    (pool, log, keys): (&PgPool, &Log, &Keys),
    run: &ResponseView,
) -> Result<Prompt, LogError> {
    let empty = Prompt {
        instructions: String::new(),
        knowledge: None,
        history: vec![],
        truncated: false,
        temperature: None,
        max_output_tokens: None,
    };
    match assistants::find_for_run(pool, run.assistant_id).await? {
        Some(assistant) if assistant.assistant_version == run.assistant_version => Ok(Prompt {
            instructions: assistant.instructions,
            temperature: assistant.temperature,
            max_output_tokens: assistant
                .max_output_tokens
                .and_then(|tokens| u32::try_from(tokens).ok()),
            ..empty
        }),
        // Changed or deleted since: the log knows what it was.
        _ => {
            let versions = versions::list(pool, log, keys, run.assistant_id).await?;
            let wanted = u32::try_from(run.assistant_version).unwrap_or_default();
            let mut versions = versions.into_iter();
            let version = versions.find(|version| version.number == wanted);
            let Some(configuration) = version.map(|version| version.configuration) else {
                return Ok(empty);
            };
            Ok(Prompt {
                instructions: configuration
                    .instructions
                    .plain()
                    .cloned()
                    .unwrap_or_default(),
                temperature: configuration.temperature,
                max_output_tokens: configuration.max_output_tokens,
                ..empty
            })
        }
    }
}

fn asked(message_id: Uuid, text: String) -> HistoryMessage {
    HistoryMessage {
        message_id,
        speaker: Speaker::User,
        text,
        attachments: vec![],
    }
}

/// With the files that it carries.
fn said(message: MessageView) -> (HistoryMessage, Vec<Uuid>) {
    let turn = HistoryMessage {
        message_id: message.id,
        speaker: match message.role.as_str() {
            "assistant" => Speaker::Assistant,
            _ => Speaker::User,
        },
        text: message.content,
        attachments: vec![],
    };
    (turn, message.attachments)
}
