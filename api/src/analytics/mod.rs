//! Statistics of the installation, for administrators.

mod machine;
mod overview;
mod recent;
mod usage;

use std::sync::Arc;

use chrono::NaiveDate;
use poem::Result;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use projections::analytics::usage as queries;

pub use self::machine::Machine;
pub use self::overview::OverviewCache;
use self::overview::{OverviewResource, ResponseTime};
pub use self::recent::{Percentiles, RecentDurations};
use self::usage::{UsageBy, UsageList};
use crate::auth::{Auth, Caller};
use crate::problem::Problem;
use crate::reply::Unversioned;
use crate::request_meta::RequestMeta;
use crate::state::App;
use crate::tag::Tag;

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
    async fn get_overview(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
    ) -> Result<Unversioned<OverviewResource>, Problem> {
        auth.0.require_admin()?;
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        let (counts, active_users) = app.overview.counts(&app.pool, position).await?;
        let overview = OverviewResource {
            users: counts.users,
            active_users,
            conversations: counts.conversations,
            messages: counts.messages,
            running_responses: counts.running_responses,
            response_time: ResponseTime::new(app.metrics.recent()),
            machine: app.machine.load(),
            uptime_seconds: app.machine.uptime().as_secs(),
        };
        Ok(Unversioned::new(overview, position))
    }

    /// Counts use over a range of days.
    ///
    /// Runs, tokens and durations by day, model, assistant or user. Requires the admin role.
    #[oai(path = "/analytics/usage", method = "get", operation_id = "getUsage")]
    async fn get_usage(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        /// What the counts are grouped by; `day` by default.
        by: Query<Option<UsageBy>>,
        /// The first day in UTC; 29 days before `until` by default.
        from: Query<Option<NaiveDate>>,
        /// The last day in UTC, at most 730 days after `from`; today by default.
        until: Query<Option<NaiveDate>>,
    ) -> Result<Unversioned<UsageList>, Problem> {
        let by = by.0.unwrap_or(UsageBy::Day);
        usage_list(&app, &auth.0, &meta, by, (from.0, until.0)).await
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
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        /// The first day in UTC; 29 days before `until` by default.
        from: Query<Option<NaiveDate>>,
        /// The last day in UTC, at most 730 days after `from`; today by default.
        until: Query<Option<NaiveDate>>,
    ) -> Result<Unversioned<UsageList>, Problem> {
        usage_list(&app, &auth.0, &meta, UsageBy::Model, (from.0, until.0)).await
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
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        /// The first day in UTC; 29 days before `until` by default.
        from: Query<Option<NaiveDate>>,
        /// The last day in UTC, at most 730 days after `from`; today by default.
        until: Query<Option<NaiveDate>>,
    ) -> Result<Unversioned<UsageList>, Problem> {
        usage_list(&app, &auth.0, &meta, UsageBy::Assistant, (from.0, until.0)).await
    }
}

async fn usage_list(
    app: &App,
    caller: &Caller,
    meta: &RequestMeta,
    by: UsageBy,
    (from, until): (Option<NaiveDate>, Option<NaiveDate>),
) -> Result<Unversioned<UsageList>, Problem> {
    caller.require_admin()?;
    let range = usage::date_range(from, until)?;
    let position = app.read_position(caller.id, meta.min_position).await?;
    let found = queries::usage(&app.pool, caller.id, by.into(), range).await?;
    let list = UsageList {
        from: range.from,
        until: range.until,
        items: found.into_iter().map(Into::into).collect(),
    };
    Ok(Unversioned::new(list, position))
}
