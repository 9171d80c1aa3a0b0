//! `GET /users`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use projections::user::queries;

use super::Tag;
use super::wire::UserResource;
use crate::http::{Ctx, List, Problem, Unversioned};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Users")]
impl Operation {
    /// Lists all users.
    ///
    /// Requires the admin role.
    #[oai(path = "/users", method = "get", operation_id = "listUsers")]
    async fn list_users(
        &self,
        ctx: Ctx,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<UserResource>>, Problem> {
        ctx.caller.require_admin()?;
        let page = ctx.page("users", limit.0, cursor.0.as_deref())?;
        ctx.list(page, |after, limit| queries::list(&ctx.pool, after, limit))
            .await
    }
}
