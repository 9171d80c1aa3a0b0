//! `POST /assistants/:id/deactivate`

use domain::assistant::Status;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::wire::AssistantResource;
use super::{Tag, change, status_change};
use crate::http::{Ctx, Problem, Single};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Assistants")]
impl Operation {
    /// Deactivates an assistant.
    ///
    /// Other users get 409 `assistant_not_active` until it is activated again.
    #[oai(
        path = "/assistants/:id/deactivate",
        method = "post",
        operation_id = "deactivateAssistant"
    )]
    async fn deactivate_assistant(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<Single<AssistantResource>, Problem> {
        let command = status_change(&ctx.caller, Status::Inactive);
        change(&ctx, id.0, (command, b"")).await
    }
}
