//! `GET /jobs`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use projections::job::queries;

use super::Tag;
use super::wire::JobResource;
use crate::http::{Ctx, List, Problem, Unversioned};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Jobs")]
impl Operation {
    /// Lists the caller's jobs.
    ///
    /// The newest job comes first.
    #[oai(path = "/jobs", method = "get", operation_id = "listJobs")]
    async fn list_jobs(
        &self,
        ctx: Ctx,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<JobResource>>, Problem> {
        let request = ctx.page("jobs", limit.0, cursor.0.as_deref())?;
        let page = queries::list(&ctx.pool, ctx.caller.id, request.after, request.limit).await?;
        Ok(ctx.list_page(&request, page, ctx.feed.head()))
    }
}
