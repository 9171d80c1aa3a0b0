//! Runs of assistants: reading, following and cancelling them.

mod request;

use std::sync::Arc;

use domain::response::{Response, ResponseCommand};
use poem::Result;
use poem::http::StatusCode;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use projections::assistant::versions;
use projections::response::{ResponseView, grounding, prompt, queries};
use uuid::Uuid;

use self::request::PromptResource;
pub(crate) use self::request::{ResponseResource, money};
use crate::assistant::may_change;
use crate::http::{Accepted, Ctx, Problem, Tag, Unversioned};
use crate::stream::{Frames, Start, Target, follow};

#[derive(Debug, Clone, Copy)]
pub struct ResponseApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Responses")]
impl ResponseApi {
    /// Reads a run.
    ///
    /// One run of an assistant: its status, its usage and how it ended.
    #[oai(path = "/responses/:id", method = "get", operation_id = "getResponse")]
    async fn get_response(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<Unversioned<ResponseResource>, Problem> {
        let position = ctx.read_position().await?;
        let view = find(&ctx, id.0).await?;
        Ok(Unversioned::new(view.into(), position))
    }

    /// Follows a run.
    ///
    /// Server-sent events of this run from its start; the stream ends after the last event of the run.
    #[oai(
        path = "/responses/:id/stream",
        method = "get",
        operation_id = "streamResponse"
    )]
    async fn stream_response(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        /// An event id or a position; only later events are sent.
        after: Query<Option<String>>,
        request: &poem::Request,
    ) -> Result<Frames, Problem> {
        ctx.read_position().await?;
        let view = find(&ctx, id.0).await?;
        let start = Start::parse(request, after.0.as_deref())?.unwrap_or(Start::Beginning);
        let target = Target {
            conversation_id: view.conversation_id,
            response: Some(id.0),
        };
        follow(Arc::clone(&ctx.app), ctx.caller, target, start)
    }

    /// Reads the prompt of a run.
    ///
    /// The messages that were sent to the model, the passages that the caller may still read, and the instructions of
    /// the assistant if the caller may change it.
    #[oai(
        path = "/responses/:id/prompt",
        method = "get",
        operation_id = "getPrompt"
    )]
    async fn get_prompt(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<Unversioned<PromptResource>, Problem> {
        let position = ctx.read_position().await?;
        let run = find(&ctx, id.0).await?;
        if run.attempt == 0 {
            return Err(Problem::new(
                StatusCode::CONFLICT,
                "not_started",
                "no model was called in this run, or not yet",
            ));
        }
        let source = (&ctx.pool, &ctx.log, &ctx.keys);
        let knowledge = match grounding::knowledge_bases(source, &run).await?.is_empty() {
            true => None,
            false => Some(grounding::find_recorded(&ctx.pool, run.id, ctx.caller.id).await?),
        };
        let mut prompt = prompt::build(source, &ctx.files, &run, None, knowledge).await?;
        let owner = versions::owner(&ctx.pool, &ctx.log, &ctx.keys, run.assistant_id).await?;
        if !may_change(&ctx.caller, owner) {
            prompt.instructions.clear();
        }
        Ok(Unversioned::new(PromptResource::new(run, prompt), position))
    }

    /// Cancels a run.
    ///
    /// Asks the run to stop. The text written so far is kept.
    #[oai(
        path = "/responses/:id/cancel",
        method = "post",
        operation_id = "cancelResponse"
    )]
    async fn cancel_response(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<Accepted<ResponseResource>, Problem> {
        ctx.catch_up().await?;
        find(&ctx, id.0).await?;
        let command = ResponseCommand::CancelResponse { by: ctx.caller.id };
        let execution = ctx.creation::<Response>(id.0, b"", command);
        let committed = ctx.execute(execution).await?;
        ctx.catch_up().await?;
        let view = find(&ctx, id.0).await?;
        Ok(Accepted::Accepted(
            poem_openapi::payload::Json(view.into()),
            committed.position.to_string(),
        ))
    }
}

async fn find(ctx: &Ctx, id: Uuid) -> Result<ResponseView, Problem> {
    queries::find(&ctx.pool, ctx.caller.id, id)
        .await?
        .ok_or_else(Problem::not_found)
}
