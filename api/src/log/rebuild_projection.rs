//! `POST /projections/:name/rebuild`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use projections::job::JobKind;

use super::{Tag, find};
use crate::http::{Ctx, Problem, StartedJob};
use crate::job::{self, JobResource};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Log")]
impl Operation {
    /// Starts a rebuild of a read model.
    ///
    /// A job rebuilds it from the log; readers see the old state until the rebuild is complete. Requires the admin
    /// role.
    #[oai(
        path = "/projections/:name/rebuild",
        method = "post",
        operation_id = "rebuildProjection"
    )]
    async fn rebuild_projection(
        &self,
        ctx: Ctx,
        name: Path<String>,
    ) -> Result<StartedJob<JobResource>, Problem> {
        ctx.caller.require_admin()?;
        let name = find(&name.0)?.name().to_owned();
        job::request(&ctx, JobKind::RebuildProjection(name)).await
    }
}
