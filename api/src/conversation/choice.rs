//! Who answers, with which model: what the message names, else the conversation, else the installation.

use poem::http::StatusCode;
use projections::assistant::queries::Answering;
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

/// Who answers, as which version, with which model.
#[derive(Debug, Clone)]
pub struct Chosen {
    pub assistant_id: Uuid,
    pub assistant_version: i32,
    pub model: String,
}

/// The assistant and the model of an answer in a conversation. The caller has waited for the writes that it must see.
pub async fn choose(
    app: &App,
    caller: &Caller,
    conversation_id: Uuid,
    choice: Choice,
) -> Result<Chosen, Problem> {
    let wanted = choice.assistant_id;
    let found = queries::answering(&app.pool, caller.id, conversation_id, wanted).await?;
    let found = match found.filter(|found| found.usable) {
        Some(found) => found,
        None => another(app, caller, conversation_id, wanted).await?,
    };
    if let Some(model) = &choice.model {
        model::known(app, "/model", model).await?;
    }
    let model = choice
        .model
        .or(found.conversation_model)
        .or(found.assistant_model)
        .unwrap_or_else(|| app.settings.default_model.clone());
    Ok(Chosen {
        assistant_id: found.assistant_id,
        assistant_version: found.assistant_version,
        model,
    })
}

/// Where the conversation's assistant is gone, the default one answers; else tells what cannot be used.
async fn another(
    app: &App,
    caller: &Caller,
    conversation_id: Uuid,
    wanted: Option<Uuid>,
) -> Result<Answering, Problem> {
    let conversation = find(app, caller, conversation_id).await?;
    let own = wanted.unwrap_or(conversation.assistant_id);
    let chosen = match assistant(app, caller, Some(own)).await {
        Err(problem) if wanted.is_none() && problem.status == StatusCode::UNPROCESSABLE_ENTITY => {
            assistant(app, caller, None).await?
        }
        result => result?,
    };
    Ok(Answering {
        assistant_id: chosen.id,
        assistant_version: chosen.assistant_version,
        usable: true,
        assistant_model: chosen.model,
        conversation_model: conversation.model,
    })
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
