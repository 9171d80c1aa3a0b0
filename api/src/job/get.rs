//! `GET /jobs/:id`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::wire::JobResource;
use super::{Tag, find};
use crate::http::{Ctx, Problem, Unversioned};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Jobs")]
impl Operation {
    /// Reads a job.
    ///
    /// Status, progress and result of a job that the caller started.
    #[oai(path = "/jobs/:id", method = "get", operation_id = "getJob")]
    async fn get_job(&self, ctx: Ctx, id: Path<Uuid>) -> Result<Unversioned<JobResource>, Problem> {
        let job = find(&ctx, id.0).await?;
        Ok(Unversioned::new(job.into(), ctx.feed.head()))
    }
}
