//! `GET /events`

use eventstore::log::{self, Filter};
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use projections::Page;
use uuid::Uuid;

use super::{EventResource, Tag};
use crate::http::{Ctx, List, Problem, Unversioned};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Log")]
impl Operation {
    /// Lists the events of the log.
    ///
    /// In the order of the log. Personal text stays encrypted. Requires the admin role.
    #[oai(path = "/events", method = "get", operation_id = "listEvents")]
    async fn list_events(
        &self,
        ctx: Ctx,
        /// Only events after this position.
        after: Query<Option<i64>>,
        /// Only events of this object.
        aggregate_id: Query<Option<Uuid>>,
        /// Only events of this type, such as `message_posted`.
        event_type: Query<Option<String>>,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<EventResource>>, Problem> {
        ctx.caller.require_admin()?;
        let filter = Filter {
            aggregate_id: aggregate_id.0.map(|id| id.to_string()),
            event_type: check_event_type(event_type.0)?,
        };
        let page = ctx.page(format!("events {filter:?}"), limit.0, cursor.0.as_deref())?;
        let start_position = page.after.or(after.0).unwrap_or(0);
        let limit = i64::try_from(page.limit).unwrap_or(i64::MAX);
        let rows = log::list(&ctx.pool, &filter, start_position, limit).await?;
        let rows = Page::from_limited_rows(rows, page.limit, |row| row.position);
        Ok(ctx.list_page(&page, rows, ctx.feed.head()))
    }
}

fn check_event_type(event_type: Option<String>) -> Result<Option<String>, Problem> {
    match event_type {
        Some(name) if !is_name(&name) => Err(Problem::invalid(
            "event_type",
            "invalid_name",
            "event_type must be a name in snake_case, such as message_posted",
        )),
        checked => Ok(checked),
    }
}

fn is_name(name: &str) -> bool {
    (1..=100).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}
