//! `GET /assistants/:id/performance`

use domain::user::Role;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use projections::assistant::queries;
use uuid::Uuid;

use super::version::AssistantPerformance;
use super::{Tag, find};
use crate::http::{Ctx, Problem, Unversioned};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Assistants")]
impl Operation {
    /// Counts how the answers of an assistant ended.
    ///
    /// For the owner, and for managers if the assistant is visible to everyone.
    #[oai(
        path = "/assistants/:id/performance",
        method = "get",
        operation_id = "getAssistantPerformance"
    )]
    async fn get_assistant_performance(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<Unversioned<AssistantPerformance>, Problem> {
        let position = ctx.read_position().await?;
        let assistant = find(&ctx, id.0).await?;
        if assistant.owner_id != Some(ctx.caller.id) && ctx.caller.role < Role::Manager {
            return Err(Problem::forbidden(
                "requires the manager role, or being the owner of the assistant",
            ));
        }
        let counts = queries::performance(&ctx.pool, id.0).await?;
        Ok(Unversioned::new(counts.into(), position))
    }
}
