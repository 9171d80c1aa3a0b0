//! `GET /assistants/:id`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::wire::AssistantResource;
use super::{Tag, show};
use crate::http::{Ctx, Problem, Single};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Assistants")]
impl Operation {
    /// Reads an assistant.
    ///
    /// Instructions are shown only to callers who may change the assistant.
    #[oai(
        path = "/assistants/:id",
        method = "get",
        operation_id = "getAssistant"
    )]
    async fn get_assistant(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<Single<AssistantResource>, Problem> {
        ctx.get(show(&ctx, id.0)).await
    }
}
