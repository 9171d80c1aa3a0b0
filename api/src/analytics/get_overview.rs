//! `GET /analytics/overview`

use poem::Result;
use poem_openapi::OpenApi;

use super::Tag;
use super::overview::{OverviewResource, ResponseTime};
use crate::http::{Ctx, Problem, Unversioned};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Analytics")]
impl Operation {
    /// Reads the state of the installation.
    ///
    /// Users, conversations, messages and runs of the whole installation, at most a second old; load, memory, response
    /// times and uptime of the node that answers. Requires the admin role.
    #[oai(
        path = "/analytics/overview",
        method = "get",
        operation_id = "getOverview"
    )]
    async fn get_overview(&self, ctx: Ctx) -> Result<Unversioned<OverviewResource>, Problem> {
        ctx.caller.require_admin()?;
        let position = ctx.read_position().await?;
        let (counts, active_users) = ctx.overview.counts(&ctx.pool, position).await?;
        let overview = OverviewResource {
            users: counts.users,
            active_users,
            conversations: counts.conversations,
            messages: counts.messages,
            running_responses: counts.running_responses,
            response_time: ResponseTime::new(ctx.metrics.recent()),
            machine: ctx.machine.load(),
            uptime_seconds: ctx.machine.uptime().as_secs(),
        };
        Ok(Unversioned::new(overview, position))
    }
}
