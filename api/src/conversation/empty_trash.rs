//! `POST /conversations/empty-trash`

use poem::Result;
use poem_openapi::OpenApi;
use projections::job::JobKind;

use super::Tag;
use crate::http::{Ctx, Problem, StartedJob};
use crate::job::{self, JobResource};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Conversations")]
impl Operation {
    /// Empties the trash.
    ///
    /// A job erases the conversations in the caller's trash, and the files that only they have. This cannot be undone.
    #[oai(
        path = "/conversations/empty-trash",
        method = "post",
        operation_id = "emptyTrash"
    )]
    async fn empty_trash(&self, ctx: Ctx) -> Result<StartedJob<JobResource>, Problem> {
        ctx.catch_up().await?;
        job::request(&ctx, JobKind::EmptyTrash).await
    }
}
