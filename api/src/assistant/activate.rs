//! `POST /assistants/:id/activate`

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
    /// Activates an assistant.
    ///
    /// Everyone who can see the assistant can then use it.
    #[oai(
        path = "/assistants/:id/activate",
        method = "post",
        operation_id = "activateAssistant"
    )]
    async fn activate_assistant(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<Single<AssistantResource>, Problem> {
        let command = status_change(&ctx.caller, Status::Active);
        change(&ctx, id.0, (command, b"")).await
    }
}
