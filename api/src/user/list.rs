//! `GET /users`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use projections::user::queries::{self, UserKey};

use super::Tag;
use super::wire::{UserResource, UserSort};
use crate::http::{Ctx, List, Problem, Unversioned, parse_filter};

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
        /// Only users whose name or address contains this text.
        q: Query<Option<String>>,
        /// The order; that of registration by default.
        sort: Query<Option<UserSort>>,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<UserResource>>, Problem> {
        ctx.caller.require_admin()?;
        let text = parse_filter(q.0)?;
        let order = sort.0.map(Into::into).unwrap_or_default();
        let query = format!("users {order:?} {text:?}");
        let page = ctx.page(query, limit.0, cursor.0.as_deref())?;
        ctx.list(page, async |after: Option<UserKey>, limit| {
            queries::list(&ctx.pool, (order, text.as_deref()), after.as_ref(), limit).await
        })
        .await
    }
}
