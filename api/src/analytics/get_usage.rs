//! `GET /analytics/usage`

use chrono::NaiveDate;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;

use super::Tag;
use super::usage::{UsageBy, UsageList, read_usage};
use crate::http::{Ctx, Problem, Unversioned};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Analytics")]
impl Operation {
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
        read_usage(&ctx, by, (from.0, until.0)).await
    }
}
