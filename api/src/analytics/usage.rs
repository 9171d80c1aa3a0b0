//! Usage over a range of days.

use chrono::{Days, NaiveDate};
use o2o::o2o;
use poem_openapi::{Enum, Object};
use projections::analytics::usage::{self as queries, DateRange, Grouping, Usage};

use crate::http::{Ctx, Problem, Unversioned};
use crate::response::money;

/// Number of days by default, ending today.
const DEFAULT_DAYS: u64 = 30;
/// Longest range in days: two years.
const MAX_DAYS: i64 = 731;

/// What usage is grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case", remote = "Grouping")]
pub enum UsageBy {
    /// Days in UTC.
    Day,
    Model,
    Assistant,
    User,
}

/// Usage on one day, or of one model, assistant or user.
#[derive(Debug, Object, o2o)]
#[from_owned(Usage)]
#[oai(rename = "Usage")]
pub(super) struct UsageResource {
    /// The day as YYYY-MM-DD, or the id of the model, assistant or user.
    pub key: String,
    /// The name of the assistant or user; null if it was deleted, and for days and models.
    pub name: Option<String>,
    /// Number of answers that were requested.
    pub responses: i64,
    pub completed: i64,
    pub failed: i64,
    pub interrupted: i64,
    pub cancelled: i64,
    pub input_tokens: i64,
    pub output_tokens: i64,
    /// Number of answers with a positive rating.
    pub rated_up: i64,
    /// Number of answers with a negative rating.
    pub rated_down: i64,
    /// In the currency of `models.prices`; null if none of the models has a price.
    #[from(~.map(money))]
    pub cost: Option<f64>,
    /// Time from the question to the end of a completed answer; null if there is none.
    pub median_seconds: Option<f64>,
    pub p95_seconds: Option<f64>,
}

/// Usage over a range of days.
#[derive(Debug, Object)]
pub(super) struct UsageList {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
    /// Days in order; models, assistants and users by usage, the most used first.
    pub items: Vec<UsageResource>,
}

/// Counts use over the requested days, for administrators.
pub(super) async fn read_usage(
    ctx: &Ctx,
    by: UsageBy,
    (from, until): (Option<NaiveDate>, Option<NaiveDate>),
) -> Result<Unversioned<UsageList>, Problem> {
    ctx.caller.require_admin()?;
    let range = date_range(from, until.unwrap_or_else(|| ctx.clock.now().date_naive()))?;
    let position = ctx.read_position().await?;
    let found = queries::usage(&ctx.pool, ctx.caller.id, by.into(), range).await?;
    let list = UsageList {
        from: range.from,
        until: range.until,
        items: found.into_iter().map(Into::into).collect(),
    };
    Ok(Unversioned::new(list, position))
}

/// The requested range of days; by default thirty.
fn date_range(from: Option<NaiveDate>, until: NaiveDate) -> Result<DateRange, Problem> {
    let default = until
        .checked_sub_days(Days::new(DEFAULT_DAYS - 1))
        .unwrap_or(until);
    let range = DateRange {
        from: from.unwrap_or(default),
        until,
    };
    let detail = match range.days() {
        days if days < 1 => "from must not be after until".to_owned(),
        days if days > MAX_DAYS => format!("from and until must be at most {MAX_DAYS} days apart"),
        _ => return Ok(range),
    };
    Err(Problem::invalid("from", "out_of_range", detail))
}
