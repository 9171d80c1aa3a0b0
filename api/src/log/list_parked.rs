//! `GET /projections/:name/parked`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use projections::projector::parking;

use super::{ParkedResource, Tag, find};
use crate::http::{Ctx, List, Problem, Unversioned};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Log")]
impl Operation {
    /// Lists what a read model has parked.
    ///
    /// Objects whose events could not be applied; they wait until they are retried. Requires the admin role.
    #[oai(
        path = "/projections/:name/parked",
        method = "get",
        operation_id = "listParked"
    )]
    async fn list_parked(
        &self,
        ctx: Ctx,
        name: Path<String>,
    ) -> Result<Unversioned<List<ParkedResource>>, Problem> {
        ctx.caller.require_admin()?;
        let parked = parking::list(&ctx.pool, find(&name.0)?.name()).await?;
        Ok(Unversioned::new(List::single_page(parked), ctx.feed.head()))
    }
}
