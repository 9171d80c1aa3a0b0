//! `GET /files`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use projections::file::queries;

use super::Tag;
use super::wire::FileResource;
use crate::http::{Ctx, List, Problem, Unversioned};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Files")]
impl Operation {
    /// Lists the caller's files.
    ///
    /// The newest file comes first.
    #[oai(path = "/files", method = "get", operation_id = "listFiles")]
    async fn list_files(
        &self,
        ctx: Ctx,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<FileResource>>, Problem> {
        let page = ctx.page("files", limit.0, cursor.0.as_deref())?;
        ctx.list(page, |after, limit| {
            queries::list(&ctx.pool, ctx.caller.id, after, limit)
        })
        .await
    }
}
