//! `GET /projections`

use poem::Result;
use poem_openapi::OpenApi;
use projections::rebuild;

use super::{ProjectionResource, Tag};
use crate::http::{Ctx, List, Problem, Unversioned};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Log")]
impl Operation {
    /// Lists the read models.
    ///
    /// Shows the position that each read model has reached. Requires the admin role.
    #[oai(
        path = "/projections",
        method = "get",
        operation_id = "listProjections"
    )]
    async fn list_projections(
        &self,
        ctx: Ctx,
    ) -> Result<Unversioned<List<ProjectionResource>>, Problem> {
        ctx.caller.require_admin()?;
        let position = ctx.read_position().await?;
        let head = ctx.feed.head();
        let found = rebuild::list_status(&ctx.pool).await?.into_iter();
        let list = List::single_page(found.map(|status| ProjectionResource::new(status, head)));
        Ok(Unversioned::new(list, position))
    }
}
