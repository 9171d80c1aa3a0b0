//! What a model is told: the assistant's instructions and the path of the tree, within a budget.

use projections::assistant::queries as assistants;
use projections::conversation::{MessageView, queries as conversations};
use projections::response::ResponseView;
use sqlx::PgPool;

use super::handed::Question;
use crate::model::{ChatRequest, Speaker, Turn};

/// Messages looked at, at most.
const MESSAGES: usize = 200;
/// Characters of earlier messages, at most; about 4 make a token.
const BUDGET: usize = 400_000;

/// Builds the request of a run from the views, which have reached its question by now, or all above the one that is
/// given.
pub(super) async fn build(
    pool: &PgPool,
    run: &ResponseView,
    question: Option<Question>,
) -> Result<ChatRequest, sqlx::Error> {
    let assistant = assistants::for_run(pool, run.assistant_id).await?;
    let (leaf, asked) = match question {
        Some(question) => (question.parent_id, Some(question.text)),
        None => (Some(run.prompt_message_id), None),
    };
    let above = match leaf {
        Some(leaf) => {
            conversations::path(pool, run.conversation_id, leaf, MESSAGES)
                .await?
                .items
        }
        None => vec![],
    };
    let above = above.into_iter().map(said);
    let asked = asked.map(|text| Turn {
        speaker: Speaker::User,
        text,
    });
    Ok(ChatRequest {
        turns: turns(asked.into_iter().chain(above)),
        temperature: assistant.as_ref().and_then(|a| a.temperature),
        max_output_tokens: assistant
            .as_ref()
            .and_then(|a| a.max_output_tokens)
            .and_then(|tokens| u32::try_from(tokens).ok()),
        instructions: assistant.map(|a| a.instructions).unwrap_or_default(),
    })
}

fn said(message: MessageView) -> Turn {
    Turn {
        speaker: match message.role.as_str() {
            "assistant" => Speaker::Assistant,
            _ => Speaker::User,
        },
        text: message.content,
    }
}

/// Oldest first. The question is always there; earlier messages as long as they fit.
fn turns(newest_first: impl Iterator<Item = Turn>) -> Vec<Turn> {
    let mut left = BUDGET;
    let mut turns: Vec<Turn> = newest_first
        .enumerate()
        .map_while(|(index, turn)| {
            let length = turn.text.chars().count();
            let fits = index == 0 || length <= left;
            left = left.saturating_sub(length);
            fits.then_some(turn)
        })
        // An answer that failed before its first word says nothing.
        .filter(|turn| !turn.text.is_empty())
        .collect();
    turns.reverse();
    turns
}
