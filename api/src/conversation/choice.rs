//! Chooses the assistant and model of an answer: those that the message names, else the conversation, else the
//! installation.

use poem::http::StatusCode;
use projections::assistant::queries::{AssistantChoice, ResolvedAssistant};
use projections::assistant::{AssistantView, queries};
use uuid::Uuid;

use super::find;
use crate::http::{Ctx, Problem};
use crate::{model, settings};

/// The assistant and model that a message names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Choice {
    pub assistant_id: Option<Uuid>,
    pub model: Option<String>,
}

/// The assistant, its version and the model that answer a message.
#[derive(Debug, Clone)]
pub(crate) struct Answerer {
    pub assistant_id: Uuid,
    pub assistant_version: i32,
    pub model: String,
    /// The context window of the model in tokens, if its provider reports it.
    pub context_window: Option<u32>,
}

/// Chooses the assistant and model of an answer. Call it after waiting for the writes that it must see.
pub(crate) async fn choose(
    ctx: &Ctx,
    conversation_id: Uuid,
    choice: Choice,
) -> Result<Answerer, Problem> {
    let named = AssistantChoice {
        assistant: choice.assistant_id,
        model: choice.model.as_deref(),
        configured_model: ctx.settings.default_model.as_deref(),
    };
    let found = queries::resolve(&ctx.pool, ctx.caller.id, conversation_id, named).await?;
    let found = match found.filter(|found| found.usable) {
        Some(found) => found,
        None => choose_fallback(ctx, conversation_id, named).await?,
    };
    model::require_usable(&ctx.app, "/model", choice.model.as_ref()).await?;
    // The conversation, the assistant or the operator may have chosen the model before it was disabled.
    if found.model_disabled {
        return Err(model::disabled("/model", &found.model));
    }
    Ok(Answerer {
        assistant_id: found.assistant_id,
        assistant_version: found.assistant_version,
        model: found.model,
        context_window: found
            .context_window
            .and_then(|tokens| u32::try_from(tokens).ok()),
    })
}

/// Chooses the model that answers the first message of a new conversation: the one of the conversation, else of the
/// assistant, else of the installation.
pub(crate) async fn choose_first(
    ctx: &Ctx,
    assistant: &AssistantView,
    model: Option<String>,
) -> Result<Answerer, Problem> {
    let model = match model.or_else(|| assistant.model.clone()) {
        Some(model) => model,
        None => settings::default_model(&ctx.app).await?,
    };
    let listed = model::find(&ctx.app, &model).await?;
    if listed.as_ref().is_some_and(|listed| !listed.enabled) {
        return Err(model::disabled("/model", &model));
    }
    Ok(Answerer {
        assistant_id: assistant.id,
        assistant_version: assistant.assistant_version,
        model,
        context_window: listed.and_then(|listed| listed.context_window()),
    })
}

/// Falls back to the default assistant if the conversation's one was deleted; otherwise returns why it cannot be used.
async fn choose_fallback(
    ctx: &Ctx,
    conversation_id: Uuid,
    named: AssistantChoice<'_>,
) -> Result<ResolvedAssistant, Problem> {
    let conversation = find(ctx, conversation_id).await?;
    let own = named.assistant.unwrap_or(conversation.assistant_id);
    let chosen = match find_assistant(ctx, Some(own)).await {
        Err(problem)
            if named.assistant.is_none() && problem.status == StatusCode::UNPROCESSABLE_ENTITY =>
        {
            find_assistant(ctx, None).await?
        }
        result => result?,
    };
    let named = AssistantChoice {
        assistant: Some(chosen.id),
        ..named
    };
    let found = queries::resolve(&ctx.pool, ctx.caller.id, conversation_id, named).await?;
    found.ok_or_else(Problem::not_found)
}

/// Finds an assistant that the caller may use; without an id, the default one.
pub(crate) async fn find_assistant(ctx: &Ctx, id: Option<Uuid>) -> Result<AssistantView, Problem> {
    let found = match id {
        Some(id) => queries::find(&ctx.pool, ctx.caller.id, id).await?,
        None => queries::default(&ctx.pool).await?,
    };
    let assistant = found.ok_or_else(|| {
        Problem::invalid(
            "/assistant_id",
            "unknown_assistant",
            "there is no assistant with this id",
        )
    })?;
    if assistant.is_usable_by(ctx.caller.id) {
        return Ok(assistant);
    }
    Err(Problem::new(
        StatusCode::CONFLICT,
        "assistant_not_active",
        "the assistant is not active",
    ))
}
