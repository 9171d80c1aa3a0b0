//! `GET /responses/:id/prompt`

use domain::response::Prompt;
use poem::Result;
use poem::http::StatusCode;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use projections::assistant::versions;
use projections::response::{ResponseView, grounding, prompt};
use uuid::Uuid;

use super::wire::PromptResource;
use super::{Tag, find};
use crate::assistant::may_change;
use crate::http::{Ctx, Problem, Unversioned};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Responses")]
impl Operation {
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
            return Err(not_started());
        }
        let prompt = build_prompt(&ctx, &run).await?;
        Ok(Unversioned::new(PromptResource::new(run, prompt), position))
    }
}

/// Builds the prompt of a run again, without what the caller may not read.
async fn build_prompt(ctx: &Ctx, run: &ResponseView) -> Result<Prompt, Problem> {
    let source = (&ctx.pool, &ctx.log, &ctx.keys);
    let knowledge = match grounding::knowledge_bases(source, run).await?.is_empty() {
        true => None,
        false => Some(grounding::find_recorded(&ctx.pool, run.id, ctx.caller.id).await?),
    };
    let mut prompt = prompt::build(source, &ctx.files, run, None, knowledge).await?;
    let owner = versions::owner(&ctx.pool, &ctx.log, &ctx.keys, run.assistant_id).await?;
    if !may_change(&ctx.caller, owner) {
        prompt.instructions.clear();
    }
    Ok(prompt)
}

fn not_started() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "not_started",
        "no model was called in this run, or not yet",
    )
}
