//! What a model is told: the assistant's instructions and the path of the tree, within a budget.

use projections::assistant::queries as assistants;
use projections::conversation::{MessageView, queries as conversations};
use projections::response::ResponseView;
use sqlx::PgPool;

use crate::model::{ChatRequest, Speaker, Turn};

/// Messages looked at, at most.
const MESSAGES: usize = 200;
/// Characters of earlier messages, at most; about 4 make a token.
const BUDGET: usize = 400_000;

/// Builds the request of a run from the views, which have reached its question by now.
pub(super) async fn build(pool: &PgPool, run: &ResponseView) -> Result<ChatRequest, sqlx::Error> {
    let assistant = assistants::for_run(pool, run.assistant_id).await?;
    let page =
        conversations::path(pool, run.conversation_id, run.prompt_message_id, MESSAGES).await?;
    Ok(ChatRequest {
        turns: turns(page.items),
        temperature: assistant.as_ref().and_then(|a| a.temperature),
        max_output_tokens: assistant
            .as_ref()
            .and_then(|a| a.max_output_tokens)
            .and_then(|tokens| u32::try_from(tokens).ok()),
        instructions: assistant.map(|a| a.instructions).unwrap_or_default(),
    })
}

/// Oldest first. The question is always there; earlier messages as long as they fit.
fn turns(newest_first: Vec<MessageView>) -> Vec<Turn> {
    let mut left = BUDGET;
    let mut turns: Vec<Turn> = newest_first
        .into_iter()
        .enumerate()
        .map_while(|(index, message)| {
            let length = message.content.chars().count();
            let fits = index == 0 || length <= left;
            left = left.saturating_sub(length);
            fits.then_some(message)
        })
        // An answer that failed before its first word says nothing.
        .filter(|message| !message.content.is_empty())
        .map(|message| Turn {
            speaker: match message.role.as_str() {
                "assistant" => Speaker::Assistant,
                _ => Speaker::User,
            },
            text: message.content,
        })
        .collect();
    turns.reverse();
    turns
}
