//! `GET /analytics/assistants`

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
        read_usage(&ctx, UsageBy::Assistant, (from.0, until.0)).await
    }
}
