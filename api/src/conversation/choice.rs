//! Who answers, with which model: what the message names, else the conversation, else the installation.

use poem::http::StatusCode;
use projections::assistant::{AssistantView, queries};
use uuid::Uuid;

use super::find;
use crate::auth::Caller;
use crate::model;
use crate::problem::Problem;
use crate::state::App;

/// What a message names.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    pub assistant_id: Option<Uuid>,
    pub model: Option<String>,
}

/// The assistant and the model of an answer in a conversation. The caller has waited for the writes that it must see.
pub async fn choose(
    app: &App,
    caller: &Caller,
    conversation_id: Uuid,
    choice: Choice,
) -> Result<(AssistantView, String), Problem> {
    let conversation = find(app, caller, conversation_id).await?;
    let wanted = choice.assistant_id.unwrap_or(conversation.assistant_id);
    let chosen = match assistant(app, caller, Some(wanted)).await {
        // The conversation's assistant is gone: the default one answers.
        Err(problem)
            if choice.assistant_id.is_none()
                && problem.status == StatusCode::UNPROCESSABLE_ENTITY =>
        {
            assistant(app, caller, None).await?
        }
        result => result?,
    };
    if let Some(model) = &choice.model {
        model::known(app, "/model", model).await?;
    }
    let model = choice
        .model
        .or(conversation.model)
        .or_else(|| chosen.model.clone())
        .unwrap_or_else(|| app.settings.default_model.clone());
    Ok((chosen, model))
}

/// An assistant that the caller may use; the default one where none is named.
pub async fn assistant(
    app: &App,
    caller: &Caller,
    id: Option<Uuid>,
) -> Result<AssistantView, Problem> {
    let found = match id {
        Some(id) => queries::find(&app.pool, caller.id, id).await?,
        None => queries::default(&app.pool).await?,
    };
    let assistant = found.ok_or_else(|| {
        Problem::invalid(
            "/assistant_id",
            "unknown_assistant",
            "assistant_id names no assistant",
        )
    })?;
    if assistant.usable_by(caller.id) {
        return Ok(assistant);
    }
    Err(Problem::new(
        StatusCode::CONFLICT,
        "assistant_not_active",
        "the assistant is not active",
    ))
}
