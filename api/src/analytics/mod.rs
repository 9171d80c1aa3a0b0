//! Statistics of the installation, for administrators.

mod machine;
mod overview;
mod recent;
mod usage;

use chrono::NaiveDate;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use projections::analytics::usage as queries;

pub use self::machine::Machine;
pub use self::overview::OverviewCache;
use self::overview::{OverviewResource, ResponseTime};
pub use self::recent::{Percentiles, RecentDurations};
use self::usage::{UsageBy, UsageList};
use crate::http::{Ctx, Problem, Tag, Unversioned};

#[derive(Debug, Clone, Copy)]
pub struct AnalyticsApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Analytics")]
impl AnalyticsApi {
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

    /// Counts use over a range of days.
    ///
    /// Runs, tokens and durations by day, model, assistant or user. Requires the admin role.
    #[oai(path = "/analytics/usage", method = "get", operation_id = "getUsage")]
    async fn get_usage(
        &self,
        ctx: Ctx,
        /// What the counts are grouped by; `day` by default.
        by: Query<Option<UsageBy>>,
        /// The first day in UTC; 29 days before `until` by default.
        from: Query<Option<NaiveDate>>,
        /// The last day in UTC, at most 730 days after `from`; today by default.
        until: Query<Option<NaiveDate>>,
    ) -> Result<Unversioned<UsageList>, Problem> {
        let by = by.0.unwrap_or(UsageBy::Day);
        usage_list(&ctx, by, (from.0, until.0)).await
    }

    /// Counts the use of each model.
    ///
    /// Runs, tokens and durations for each model over a range of days. Requires the admin role.
    #[oai(
        path = "/analytics/models",
        method = "get",
        operation_id = "getModelUsage"
    )]
    async fn get_model_usage(
        &self,
        ctx: Ctx,
        /// The first day in UTC; 29 days before `until` by default.
        from: Query<Option<NaiveDate>>,
        /// The last day in UTC, at most 730 days after `from`; today by default.
        until: Query<Option<NaiveDate>>,
    ) -> Result<Unversioned<UsageList>, Problem> {
        usage_list(&ctx, UsageBy::Model, (from.0, until.0)).await
    }

    /// Counts the answers of each assistant.
    ///
    /// Runs, tokens and durations for each assistant over a range of days. Requires the admin role.
    #[oai(
        path = "/analytics/assistants",
        method = "get",
        operation_id = "getAssistantUsage"
    )]
    async fn get_assistant_usage(
        &self,
        ctx: Ctx,
        /// The first day in UTC; 29 days before `until` by default.
        from: Query<Option<NaiveDate>>,
        /// The last day in UTC, at most 730 days after `from`; today by default.
        until: Query<Option<NaiveDate>>,
    ) -> Result<Unversioned<UsageList>, Problem> {
        usage_list(&ctx, UsageBy::Assistant, (from.0, until.0)).await
    }
}

async fn usage_list(
    ctx: &Ctx,
    by: UsageBy,
    (from, until): (Option<NaiveDate>, Option<NaiveDate>),
) -> Result<Unversioned<UsageList>, Problem> {
    ctx.caller.require_admin()?;
    let range = usage::date_range(from, until)?;
    let position = ctx
        .app
        .read_position(ctx.caller.id, ctx.meta.min_position)
        .await?;
    let found = queries::usage(&ctx.pool, ctx.caller.id, by.into(), range).await?;
    let list = UsageList {
        from: range.from,
        until: range.until,
        items: found.into_iter().map(Into::into).collect(),
    };
    Ok(Unversioned::new(list, position))
}
