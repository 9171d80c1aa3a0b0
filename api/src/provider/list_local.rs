//! `GET /providers/local`

use poem::Result;
use poem_openapi::OpenApi;

use super::wire::LocalServerResource;
use crate::http::{Ctx, List, Problem, Unversioned};
use crate::model::Tag;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Models")]
impl Operation {
    /// Lists model servers on this machine.
    ///
    /// Servers such as Ollama that were found on the machine of this server. Each can be added with its `base_url`,
    /// without changing settings. Requires the admin role.
    #[oai(
        path = "/providers/local",
        method = "get",
        operation_id = "listLocalServers"
    )]
    async fn list_local_servers(
        &self,
        ctx: Ctx,
    ) -> Result<Unversioned<List<LocalServerResource>>, Problem> {
        ctx.caller.require_admin()?;
        let position = ctx.read_position().await?;
        let found = ctx.local_servers.borrow().clone();
        Ok(Unversioned::new(List::single_page(found), position))
    }
}
